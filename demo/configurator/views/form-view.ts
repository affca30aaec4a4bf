import { html, nothing, type TemplateResult } from 'lit';
import type { Desk } from '../desk.js';
import type { Field, FieldGroup } from '../fields.js';

/** Code in a description stands between backticks. */
function prose(text: string): (TemplateResult | string)[] {
  return text
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A default that is a value shows in the field itself. */
const isValue = (text: string): boolean => /^[#\w][\w#%.,'() -]{0,24}$/.test(text);

function controlView(
  field: Field,
  values: Map<string, string>,
  onChange: () => void,
): TemplateResult {
  const { name, standard } = field;
  const value = values.get(name) ?? '';
  const take = (event: Event): void => {
    const { value: given } = event.currentTarget as HTMLInputElement | HTMLSelectElement;
    if (given.trim() === '') values.delete(name);
    else values.set(name, given.trim());
    onChange();
  };
  if (field.values.length > 0) {
    return html`<select id=${name} aria-describedby=${`${name}-hint`} @change=${take}>
      <option value="" ?selected=${value === ''}>
        ${isValue(standard) ? standard : 'not set'}
      </option>
      ${field.values
        .filter((each) => each !== standard)
        .map((each) => html`<option value=${each} ?selected=${each === value}>${each}</option>`)}
    </select>`;
  }
  return html`<input
    id=${name}
    type=${field.numeric ? 'number' : 'text'}
    autocomplete="off"
    spellcheck="false"
    aria-describedby=${`${name}-hint`}
    aria-required=${field.required ? 'true' : nothing}
    placeholder=${isValue(standard) ? standard : nothing}
    .value=${value}
    @input=${take}
  />`;
}

function fieldView(
  field: Field,
  values: Map<string, string>,
  onChange: () => void,
): TemplateResult {
  const { name, description, standard, required } = field;
  return html`<div class="field">
    <label for=${name}
      ><code>${name}</code>${required ? html` <small>required</small>` : nothing}</label
    >
    ${controlView(field, values, onChange)}
    <p class="hint" id=${`${name}-hint`}>
      ${prose(description)}
      ${standard === '' || isValue(standard) ? nothing : html`Default: ${prose(standard)}.`}
    </p>
  </div>`;
}

/** Keys that only two of the providers have. */
const keyless = (values: ReadonlyMap<string, string>): boolean =>
  ['altcha', 'none'].includes(values.get('captcha') ?? '');

function groupView({ title, fields }: FieldGroup, open: boolean, desk: Desk): TemplateResult {
  const { attributes, changed } = desk;
  return html`<details ?open=${open}>
    <summary><h3>${title}</h3></summary>
    ${fields
      .filter(({ name }) => !(/^(sitekey|captcha-host)$/.test(name) && keyless(attributes)))
      .map((field) => fieldView(field, attributes, changed))}
  </details>`;
}

export function formView(desk: Desk): TemplateResult {
  const { attributes, properties } = desk.fields;
  return html`<form @submit=${(event: Event) => event.preventDefault()}>
    ${attributes.map((group, index) => groupView(group, index < 2, desk))}
    <details>
      <summary><h3>Colours and shape</h3></summary>
      <p class="hint">On top of the theme. Anything that CSS takes.</p>
      ${properties.map((field) => fieldView(field, desk.properties, desk.changed))}
    </details>
    <details>
      <summary><h3>Where the script lies</h3></summary>
      <div class="field">
        <label for="script">Address of <code>call-button.js</code></label>
        <input
          id="script"
          type="url"
          spellcheck="false"
          aria-describedby="script-hint"
          .value=${desk.script}
          @input=${(event: Event) => desk.setScript((event.currentTarget as HTMLInputElement).value)}
        />
        <p class="hint" id="script-hint">
          For the snippet. <code>chunks/</code> must lie beside it; on another host than your page,
          with <code>Access-Control-Allow-Origin</code>.
        </p>
      </div>
    </details>
  </form>`;
}
