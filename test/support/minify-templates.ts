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

export function minifyCss(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{};,])\s*/g, '$1')
    .replace(/:\s+/g, ':')
    .replace(/;}/g, '}')
    .trim();
}
