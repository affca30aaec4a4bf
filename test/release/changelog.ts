/** What CHANGELOG.md says of a version. */

export interface Entry {
  /** `YYYY-MM-DD`, or anything else: not released yet. */
  readonly date: string;
  readonly text: string;
}

/** Headings are `## 1.2.3 – 2026-11-26`. `null`: there is none of that version. */
export function changelogEntry(changelog: string, version: string): Entry | null {
  for (const section of changelog.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n');
    const [name, date = ''] = heading.split(' – ');
    if (name?.trim() === version) return { date: date.trim(), text: lines.join('\n').trim() };
  }
  return null;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text.length === 10;
}

/** Why the changelog does not let a version out; `null` where it does. */
export function judgeChangelog(changelog: string, version: string): string | null {
  const entry = changelogEntry(changelog, version);
  if (entry === null) return `CHANGELOG.md has no entry "## ${version} – <date>"`;
  if (!isDate(entry.date)) {
    return `CHANGELOG.md has ${version} as "${entry.date}": it needs a date, YYYY-MM-DD`;
  }
  return entry.text === '' ? `CHANGELOG.md says nothing of ${version}` : null;
}
