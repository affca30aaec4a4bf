import type { ExtraMessages } from './messages.js';

type Load = () => Promise<ExtraMessages>;

const english: Load = () => import('./en.js').then(({ en }) => en);
/** A chunk each, as the panel's own words; less than 1 kB. */
const LOADERS: Readonly<Record<string, Load>> = {
  ar: () => import('./ar.js').then(({ ar }) => ar),
  de: () => import('./de.js').then(({ de }) => de),
  es: () => import('./es.js').then(({ es }) => es),
  fr: () => import('./fr.js').then(({ fr }) => fr),
  he: () => import('./he.js').then(({ he }) => he),
  it: () => import('./it.js').then(({ it }) => it),
  ja: () => import('./ja.js').then(({ ja }) => ja),
  nl: () => import('./nl.js').then(({ nl }) => nl),
  pl: () => import('./pl.js').then(({ pl }) => pl),
  pt: () => import('./pt.js').then(({ pt }) => pt),
  tr: () => import('./tr.js').then(({ tr }) => tr),
  zh: () => import('./zh.js').then(({ zh }) => zh),
};

/** Words of a language by its name (see `Language`); English where there are none in it. */
export function loadExtraMessages(name: string): Promise<ExtraMessages> {
  return (LOADERS[name] ?? english)();
}
