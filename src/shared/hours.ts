/** Opening hours in a time zone: made by `parseHours`, read by `openAt`. */
export interface Schedule {
  /** The zone's wall clock at a moment (milliseconds since 1970), in minutes since 1970 as if it were UTC. */
  readonly wall: (timeMs: number) => number;
  /** Start in minutes since Thursday 00:00 (1 January 1970 was one), and length in minutes. */
  readonly ranges: readonly (readonly [start: number, length: number])[];
  /** Closed dates of the zone, `2026-12-25`. */
  readonly closed: readonly string[];
}

const MINUTE = 60_000;
const DAY = 1440;
const WEEK = 10_080;
/** How far `openAt` looks ahead, in minutes: beyond any list of holidays, and a few milliseconds of work at worst. */
const HORIZON = 366 * DAY;
const DAYS = ['th', 'fr', 'sa', 'su', 'mo', 'tu', 'we'];

const isoDate = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
const numbers = (texts: readonly string[]) =>
  texts.map(Number) as [number, number, number, number, number];

/**
 * Reads schema.org `openingHours`: `Mo-Fr 09:00-17:30; Sa,Su 10:00-14:00`. Days and times may be lists, ranges may
 * wrap (`Sa-Mo`, `22:00-02:00`), `24:00` may be an end, days alone mean the whole day, no text means always.
 * `timeZone` is an IANA name, needed as soon as there is text. `closedOn` lists dates of that zone
 * (`2026-12-25, 2026-12-26`): closed all day, and a range that starts on such a date does not reach into the next.
 * What cannot be read comes back as an issue for the administrator, never as an exception.
 */
export function parseHours(
  hours: string | null,
  timeZone: string | null,
  closedOn: string | null,
): Schedule | { readonly issue: string } {
  const ranges: [number, number][] = [];
  const closed = closedOn?.match(/[^\s,]+/g) ?? [];
  let issue = '';
  const part = 'numeric';
  try {
    const text = (hours ?? '').toLowerCase().replace(/\s/g, '');
    for (const rule of (text || 'mo-su').replace(/;$/, '').split(';')) {
      issue = `hours: "${rule}"`;
      const [, days = '', times = ''] = /^(\D*)(.*)/.exec(rule) ?? [];
      for (const time of (times || '0:00-24:00').split(',')) {
        const clock = /^(\d?\d):([0-5]\d)-(\d?\d):([0-5]\d)$/.exec(time);
        const [, h1, m1, h2, m2] = numbers(clock ?? []);
        const from = h1 * 60 + m1;
        const to = h2 * 60 + m2;
        // 00:00-00:00 means open to some and closed to others
        if (!(from < DAY && to <= DAY && from !== to)) return { issue };
        for (const range of days.split(',')) {
          const [first, last = first, more] = range.split('-').map((day) => DAYS.indexOf(day)) as [
            number,
            number?,
            number?,
          ];
          if (first < 0 || last < 0 || more !== undefined) return { issue };
          for (let day = first; day <= last + (last < first ? 7 : 0); day++) {
            ranges.push([day * DAY + from, to - from + (to < from ? DAY : 0)]);
          }
        }
      }
    }
    for (const date of closed) {
      issue = `closed-on: "${date}"`;
      // there and back: Date takes 30 February, and much that is no date
      if (isoDate(Date.parse(date)) !== date) return { issue };
    }
    // an empty name is refused, a missing one would be the visitor's own zone
    const zone = (timeZone ?? '') || (hours || closedOn ? '' : 'UTC');
    issue = `time-zone: "${zone}"`;
    const { format } = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: part,
      month: part,
      day: part,
      hour: part,
      minute: part,
    });
    return {
      wall: (timeMs) => {
        const [month, day, year, hour, minute] = numbers(format(timeMs).split(/\D+/));
        return Date.UTC(year, month - 1, day, hour, minute) / MINUTE;
      },
      ranges,
      closed,
    };
  } catch {
    return { issue };
  }
}

/**
 * Whether it is open at a moment, and when that changes next: milliseconds since 1970, `null` where nothing changes
 * within a year. Follows the zone's wall clock through every change of daylight saving time.
 */
export function openAt(
  { wall, ranges, closed }: Schedule,
  timeMs: number,
): { open: boolean; changesAt: number | null } {
  let minute = Math.floor(timeMs / MINUTE);
  let was: boolean | undefined;
  const end = minute + HORIZON;
  while (minute < end) {
    const now = wall(minute * MINUTE);
    const isClosed = (then: number) => closed.includes(isoDate(then * MINUTE));
    let open = false;
    let step = DAY - (now % DAY);
    for (const [start, length] of ranges) {
      const since = (now - start) % WEEK;
      open ||= since < length && !isClosed(now) && !isClosed(now - since);
      step = Math.min(step, (since < length ? length : WEEK) - since);
    }
    was ??= open;
    if (open !== was) return { open: was, changesAt: minute * MINUTE };
    // clocks that are changed before the next boundary: go there first
    while (step > 1 && wall((minute + step) * MINUTE) - step !== now) step >>= 1;
    minute += step;
  }
  return { open: !!was, changesAt: null };
}
