import { openAt, parseHours, type Schedule } from '../shared/hours.js';

/** Longest delay of `setTimeout`, ms (HTML: a 32-bit signed integer). */
const TIMER_MAX_MS = 2 ** 31 - 1;
const ATTRIBUTES = ['hours', 'time-zone', 'closed-on'] as const;

/** See `HoursModule`. A chunk of its own: loaded with the page, and only where an element has opening hours. */
export function watchHours(
  element: Element,
  report: (open: boolean, issue: string) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let schedule: Schedule | { readonly issue: string };
  const tell = (): void => {
    clearTimeout(timer);
    if ('issue' in schedule) {
      report(true, schedule.issue);
      return;
    }
    const now = Date.now();
    const { open, changesAt } = openAt(schedule, now);
    if (changesAt !== null) {
      // a clock may run slow: never again before the boundary
      timer = setTimeout(tell, Math.min(Math.max(changesAt - now, 1000), TIMER_MAX_MS));
    }
    report(open, '');
  };
  const read = (): void => {
    const [hours, zone, closed] = ATTRIBUTES.map((name) => element.getAttribute(name));
    schedule = parseHours(hours ?? null, zone ?? null, closed ?? null);
    tell();
  };
  const observer = new MutationObserver(read);
  observer.observe(element, { attributeFilter: [...ATTRIBUTES] });
  read();
  return () => {
    observer.disconnect();
    clearTimeout(timer);
  };
}
