// `all: initial` on the host alone would leave what the page's rules for `*` say of it, which win over `:host`, to be
// inherited. What hides an ancestor hides the button. Text has the visitor's own size: pages make `rem` 10 px. The icon
// is a clip-path, which needs neither `img-src` nor Trusted Types, of a border: forced colours would paint over a background.
export const CSS_TEXT = `
:host,[part]{all:initial;color-scheme:inherit;visibility:inherit;pointer-events:inherit}
:host{display:inline-block;vertical-align:middle}
[hidden],:host([hidden]){display:none!important}
:host([placement^=bottom]){position:fixed;bottom:max(20px,env(safe-area-inset-bottom));inset-inline-end:20px;z-index:var(--call-button-z-index,9999)}
:host([placement$=left]){inset-inline:20px auto}
[part]{box-sizing:border-box;display:inline-flex;align-items:center;justify-content:center;gap:.5em;min-height:48px;max-width:100%;padding:.75em 1.25em;border:1px solid #0000;border-radius:var(--call-button-radius,99px);background:var(--call-button-accent,#0b5fd8);color:var(--call-button-accent-text,#fff);font:600 medium/1.25 var(--call-button-font,system-ui,sans-serif);text-align:center;cursor:pointer}
:host([placement^=bottom]) [part]{box-shadow:var(--call-button-shadow,0 6px 24px #0004)}
[part]:hover{filter:brightness(1.1)}
[part]:focus-visible{outline:3px solid var(--call-button-focus,var(--call-button-accent,#0b5fd8));outline-offset:3px}
[name=away]{font:medium/1.5 var(--call-button-font,system-ui,sans-serif)}
[aria-busy]{opacity:.7}
:host(:state(in-call)) [part]{background:var(--call-button-success,#188038)}
i{flex:none;border:10px solid;clip-path:path("M4 2h3l2 5-2.5 2a11 11 0 0 0 5 5l2-2.5 5 2v3a2 2 0 0 1-2 2A16 16 0 0 1 2 4a2 2 0 0 1 2-2z")}
@media print{:host{display:none}}
`;
