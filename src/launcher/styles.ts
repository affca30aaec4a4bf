// Inner elements set every inherited property that a page's global CSS may have changed. `all: initial` on the host
// leaves the page's own rules for `call-button` in force: outer rules win over `:host`. The icon is a clip-path, which
// needs neither `img-src` nor Trusted Types, of a border: forced colours would paint over a background.
export const CSS_TEXT = `
:host{all:initial;display:inline-block;vertical-align:middle;color-scheme:inherit;font:1rem/1.5 var(--call-button-font,system-ui,sans-serif)}
[hidden],:host([hidden]){display:none!important}
:host([placement^=bottom]){position:fixed;bottom:max(1.25rem,env(safe-area-inset-bottom));inset-inline-end:1.25rem;z-index:var(--call-button-z-index,9999)}
:host([placement$=left]){inset-inline:1.25rem auto}
[part]{box-sizing:border-box;display:inline-flex;align-items:center;justify-content:center;gap:.5em;min-height:48px;max-width:100%;padding:.75em 1.25em;border:1px solid #0000;border-radius:var(--call-button-radius,99px);background:var(--call-button-accent,#0b5fd8);color:var(--call-button-accent-text,#fff);font:inherit;font-weight:600;line-height:1.25;text-decoration:none;cursor:pointer}
:host([placement^=bottom]) [part]{box-shadow:var(--call-button-shadow,0 6px 24px #0004)}
[part]:hover{filter:brightness(1.1)}
[part]:focus-visible{outline:3px solid var(--call-button-focus,var(--call-button-accent,#0b5fd8));outline-offset:3px}
[aria-busy]{opacity:.7}
:host(:state(in-call)) [part]{background:var(--call-button-success,#188038)}
i{flex:none;border:10px solid;clip-path:path("M4 2h3l2 5-2.5 2a11 11 0 0 0 5 5l2-2.5 5 2v3a2 2 0 0 1-2 2A16 16 0 0 1 2 4a2 2 0 0 1 2-2z")}
@media print{:host{display:none}}
`;
