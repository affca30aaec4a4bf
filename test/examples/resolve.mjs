/**
 * `node --import ./test/examples/resolve.mjs`: packages that are not found from where they are asked for are looked for
 * in this folder, so that the examples can stand in `demo/` and name them as they would in a project.
 */
import { register } from 'node:module';

const hook = `
  export const resolve = (specifier, context, next) =>
    next(specifier, context).catch(() =>
      next(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} }),
    );
`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
