import { nothing, type TemplateResult } from 'lit/html.js';
import type { PanelController } from '../controller.js';

/** Views that few visitors see: a chunk each, loaded when it is first wanted. */
const LOADERS = {
  rating: () => import('./rating.js'),
} as const;

/** `nothing` while its words are on their way. */
export type ExtraView = (controller: PanelController) => TemplateResult | typeof nothing;

const views: Partial<Record<keyof typeof LOADERS, ExtraView>> = {};

/** Nothing while it is being loaded, or cannot be: the page goes on without it. */
export function extraView(
  controller: PanelController,
  name: keyof typeof LOADERS,
): TemplateResult | typeof nothing {
  const view = views[name];
  if (view !== undefined) return view(controller);
  LOADERS[name]().then(
    (module) => {
      views[name] = module.view;
      controller.update();
    },
    () => {},
  );
  return nothing;
}
