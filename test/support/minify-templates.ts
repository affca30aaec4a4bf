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
      if (id.endsWith('/lit-html/lit-html.js')) return withoutGlobals(code);
      if (!/\/src\/(launcher|panel|styles)\/.*\.ts$/.test(id)) return null;
      return code
        .replace(
          /\b(css|CSS_TEXT = )`([^`]*)`/g,
          (_, tag: string, text: string) => `${tag}\`${minifyCss(text)}\``,
        )
        .replace(/>\s*\n\s*</g, '><')
        .replace(/(?<=\bhtml`)\s*\n\s*(?=<)/g, '');
    },
  };
}

const GLOBALS =
  /,(\w+)=(\w+)\.litHtmlPolyfillSupport;\1\?\.\([^)]*\),\(\2\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\);/;

/** Takes out what lit asks of the page's globals: polyfills that no supported browser needs, and what any `id` can be. */
function withoutGlobals(code: string): string {
  if (!GLOBALS.test(code))
    throw new Error('lit-html has changed: what does it ask of globals now?');
  return code.replace(GLOBALS, ';');
}

export function minifyCss(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{};,])\s*/g, '$1')
    .replace(/:\s+/g, ':')
    .replace(/;}/g, '}')
    .trim();
}
