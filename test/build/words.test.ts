/** What visitors read comes from the dictionaries alone. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { en } from '../../src/i18n/en.js';
import { en as extra } from '../../src/i18n/extra/en.js';

const SOURCES = new URL('../../src/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, SOURCES), 'utf8');
const panel = readdirSync(new URL('panel/', SOURCES), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `panel/${name}`);

/** Templates of a file without what is filled into them. */
function templates(source: string): string[] {
  const found: string[] = [];
  for (const part of source.split('html`').slice(1)) {
    let depth = 0;
    let text = '';
    for (let at = 0; at < part.length; at += 1) {
      if (part.startsWith('${', at)) depth += 1;
      if (depth === 0 && part[at] === '`') break;
      if (depth === 0) text += part.charAt(at);
      // braces of objects and of nested templates inside
      else if (part[at] === '{' && part[at - 1] !== '$') depth += 1;
      else if (part[at] === '}') depth -= 1;
    }
    found.push(text);
  }
  return found;
}

describe('what visitors read', () => {
  it('is in no template: neither as text nor as an attribute', () => {
    let seen = 0;
    for (const file of [...panel, 'launcher/call-button.ts']) {
      for (const template of templates(read(file))) {
        seen += 1;
        const text = template.replace(/<!--[^]*?-->/g, '').replace(/<[^>]*>/g, ' ');
        assert.doesNotMatch(text.replace(/[^<]*>/, ''), /\p{L}{2}/u, `${file}: ${text.trim()}`);
        assert.doesNotMatch(
          template,
          /\b(title|alt|placeholder|aria-label|aria-roledescription)="[^"]/,
          file,
        );
      }
    }
    assert.ok(seen > 20, `${seen} templates`);
  });

  it('is set by no script', () => {
    for (const file of panel) {
      assert.doesNotMatch(
        read(file),
        /\.(textContent|innerText|ariaLabel|title|placeholder) = ['"`]\p{L}/u,
        file,
      );
    }
  });

  it('is in the dictionary because something says it', () => {
    const code = [...panel, 'launcher/call-button.ts'].map(read).join('\n');
    const keys = Object.keys({ ...en, ...extra });
    const said = keys.filter((key) => {
      if (new RegExp(`['"\`]${key.replaceAll('.', '\\.')}['"\`]`).test(code)) return true;
      // t(`status.${state}`): the types see to it that there is one for each state
      const family = key.slice(0, key.lastIndexOf('.') + 1);
      return family !== '' && code.includes(`\`${family}\${`);
    });
    assert.deepEqual(
      keys.filter((key) => !said.includes(key)),
      [],
    );
  });
});
