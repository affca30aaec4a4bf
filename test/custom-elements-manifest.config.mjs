import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';

/**
 * The element's class is made by a factory, so that importing it needs no `window`; what is public of it is the
 * interface `CallButtonElement`. This turns that interface into the manifest's class.
 */
const tagText = (ts, tag) => ts.getTextOfJSDocComment(tag.comment) ?? '';
const NAMED = {
  attr: 'attributes',
  fires: 'events',
  slot: 'slots',
  csspart: 'cssParts',
  cssprop: 'cssProperties',
  cssstate: 'cssStates',
};

/** Values of an enumerated attribute are strings; `string` and the names of events are types. */
const typeText = (type) =>
  type.includes('|') ? type.replace(/[^|]+/g, "'$&'").replaceAll('|', ' | ') : type;

function named(ts, tag) {
  const whole = tag
    .getText()
    .replace(/^@\w+\s*/, '')
    .replace(/\n\s*\*\s*/g, ' ')
    .trim();
  const [, type, name = '', description] =
    /^(?:\{([^}]*)\}\s*)?(?:(?!-\s)(\S+)\s+)?-\s+(.*)$/s.exec(whole) ?? [
      '',
      undefined,
      '',
      tagText(ts, tag),
    ];
  const [, text, standard] = /^(.*?)\s*(?:Default: (.*)\.)?$/s.exec(
    description.replace(/\s*\*?\s*$/, ''),
  );
  return {
    name,
    ...(type && { type: { text: typeText(type) } }),
    ...(standard && { default: standard.replace(/^`([^`]*)`$/, '$1') }),
    description: text,
  };
}

function elementFromInterface() {
  return {
    name: 'call-button:interface',
    analyzePhase({ ts, node, moduleDoc }) {
      if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'CallButtonElement') return;
      const [doc] = node.jsDoc ?? [];
      const declaration = {
        kind: 'class',
        name: 'CallButtonElement',
        tagName: 'call-button',
        customElement: true,
        superclass: { name: 'HTMLElement' },
        description: tagText(ts, doc).replace(/\s+/g, ' ').trim(),
        members: [],
      };
      for (const tag of doc.tags ?? []) {
        const list = NAMED[tag.tagName.text];
        if (list) (declaration[list] ??= []).push(named(ts, tag));
      }
      for (const member of node.members) {
        const name = member.name?.getText();
        if (!name || name === 'addEventListener') continue;
        const description = (member.jsDoc ?? [])
          .map((comment) => tagText(ts, comment))
          .join(' ')
          .replace(/\s+/g, ' ')
          .trim();
        const field = ts.isPropertySignature(member);
        declaration.members.push({
          kind: field ? 'field' : 'method',
          name,
          ...(description && { description }),
          ...(field
            ? {
                type: { text: member.type.getText() },
                ...(member.modifiers?.some(
                  ({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword,
                ) && { readonly: true }),
              }
            : {
                parameters: member.parameters.map((parameter) => ({
                  name: parameter.name.getText(),
                  type: { text: parameter.type.getText() },
                })),
                return: { type: { text: member.type.getText() } },
              }),
        });
      }
      for (const attribute of declaration.attributes) {
        const field = attribute.name.replace(/-./g, (letter) => letter[1].toUpperCase());
        // those that only the panel reads have none, for the bytes of it; `lang` and `dir` have HTML's
        const own = declaration.members.some(({ name }) => name === field);
        if (own || field === 'lang' || field === 'dir') attribute.fieldName = field;
      }
      // what the package has, not where it was written
      moduleDoc.path = 'dist/lib/define.js';
      moduleDoc.declarations = [declaration];
      moduleDoc.exports = [
        {
          kind: 'custom-element-definition',
          name: 'call-button',
          declaration: { name: 'CallButtonElement', module: moduleDoc.path },
        },
      ];
    },
  };
}

// the analyzer's own options take a folder for the manifest alone
const outdir = process.env.CALL_BUTTON_MANIFEST_DIR ?? 'dist';
const labels = { cssStates: 'Custom states' };

export default {
  globs: ['src/launcher/element.ts'],
  outdir,
  packagejson: false,
  plugins: [
    elementFromInterface(),
    customElementVsCodePlugin({ outdir, labels }),
    customElementJetBrainsPlugin({ outdir, labels, packageJson: false }),
  ],
};
