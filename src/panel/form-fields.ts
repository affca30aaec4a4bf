/**
 * The page's own controls in the slots `form-start` and `form-end`: consent boxes, topics, ticket numbers.
 */
import { CONTEXT_MAX_BYTES } from '../shared/limits.js';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controls(host: Element): Control[] {
  const inSlots = ':is([slot=form-start],[slot=form-end])';
  return [
    ...host.querySelectorAll<Control>(
      ['input', 'select', 'textarea'].map((tag) => `${inSlots} ${tag},${tag}${inSlots}`).join(),
    ),
  ];
}

/** Lets the browser point at the first control that is not as it should be. */
export function reportInvalid(host: Element): boolean {
  const invalid = controls(host).find((control) => !control.checkValidity());
  invalid?.reportValidity();
  return invalid !== undefined;
}

/**
 * The administrator's context with the named controls' values added. What would make it longer than 512 bytes of
 * UTF-8 is left out, control by control: the administrator's own context is never cut.
 */
export function withFields(host: Element, context: string | null): string | null {
  let json = context;
  for (const control of controls(host)) {
    const { name, value, type } = control;
    if (!name || control.disabled || type === 'password' || type === 'file') continue;
    const off = (type === 'checkbox' || type === 'radio') && !(control as HTMLInputElement).checked;
    if (off) continue;
    const all = json === null ? {} : (JSON.parse(json) as Record<string, unknown>);
    const next = JSON.stringify({ ...all, [name]: value });
    if (new TextEncoder().encode(next).length <= CONTEXT_MAX_BYTES) json = next;
  }
  return json;
}
