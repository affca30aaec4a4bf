import type { Plugin } from 'vite';

/**
 * Takes white space out of `css` and `html` templates and of the launcher's style text: a minifier leaves template
 * strings alone, and they are a third of what the page loads.
 */
export function minifyTemplates(): Plugin {
  return {
    name: 'call-button:minify-templates',
    apply: 'build',
    transform(code, id) {
      if (id.endsWith('/lit-html/lit-html.js')) return withoutUnused(code);
      if (!/\/src\/(launcher|panel|styles)\/.*\.ts$/.test(id)) return null;
      return (
        code
          .replace(
            /\b(css|CSS_TEXT = )`([^`]*)`/g,
            (_, tag: string, text: string) => `${tag}\`${minifyCss(text)}\``,
          )
          .replace(/>\s*\n\s*</g, '><')
          // before an attribute, the end of a tag, a value and after it: prettier writes no code that looks like them
          .replace(/\s*\n\s+(?=[@.?]?[a-zA-Z-]+=["$]|(?:autoplay|playsinline)\n)/g, ' ')
          .replace(/\s*\n\s+(?=>)|(?<=")\s*\n\s+(?=\/>)/g, '')
          .replace(/(?<=[>}])\s*\n\s+(?=\$\{)|(?<=\})\s*\n\s+(?=<|\/>)/g, ' ')
          .replace(/(?<=\bhtml`)\s*\n\s*(?=<)/g, '')
      );
    },
  };
}

/** What is taken out of lit's templates, each of which must be there. */
const UNUSED = [
  // asked of the page's globals: polyfills that no supported browser needs, and what any `id` can be
  [
    /,(\w+)=(\w+)\.litHtmlPolyfillSupport;\1\?\.\([^)]*\),\(\2\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\);/,
    ';',
  ],
  // templates of SVG and MathML alone: ours begin with an element of HTML
  [/2===(\w+)\?"<svg>":3===\1\?"<math>":""/, '""'],
  [/\+\(2===(\w+)\?"<\/svg>":3===\1\?"<\/math>":""\)/, ''],
  [
    /,2===(\w+)\|\|3===\1\)\{const (\w+)=this\.el\.content\.firstChild;\2\.replaceWith\(\.\.\.\2\.childNodes\)\}/,
    ');',
  ],
  // directives in the place of an attribute
  [
    /else (\w+)\.startsWith\(\w+\)&&\(\w+\.push\(\{type:6,index:\w+\}\),\w+\.removeAttribute\(\1\)\);/,
    '',
  ],
  [/:6===(\w+)\.type&&\((\w+)=new \w+\(\w+,this,\w+\)\)/, ':0'],
] as const;

function withoutUnused(code: string): string {
  return UNUSED.reduce((text, [pattern, rest]) => {
    if (!pattern.test(text)) throw new Error(`lit-html has changed: no ${pattern.source}`);
    return text.replace(pattern, rest);
  }, code);
}

export function minifyCss(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{};,])\s*/g, '$1')
    .replace(/:\s+/g, ':')
    .replace(/;}/g, '}')
    .replace(/\b0(?=\.\d)| (?=!)/g, '')
    .replace(/ > /g, '>')
    .trim();
}
