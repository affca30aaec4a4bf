// `all: initial` on the button itself: what the page's rules for `*` say of the host wins over `:host`, and would be
// inherited. The host is a grid, so that no line height of the page makes room in it. What hides an ancestor hides the
// button. Text has the visitor's own size: pages make `rem` 10 px. The icon is a clip-path, which needs neither `img-src`
// nor Trusted Types, of a border: forced colours would paint over a background.
export const CSS_TEXT = `
:host{display:inline-grid;vertical-align:middle}
[hidden],:host([hidden]){display:none!important}
:host([placement^=bottom]){position:fixed;bottom:max(20px,env(safe-area-inset-bottom));inset-inline:auto 20px;z-index:var(--call-button-z-index,9999)}
:host([placement$=left]){inset-inline:20px auto}
[part]{all:initial;display:flex;text-align:center;align-items:center;justify-content:center;visibility:inherit;pointer-events:inherit;padding:.8125em 1.25em;cursor:pointer;gap:.5em;color:var(--call-button-accent-text,#fff);font:600 medium/1.25 var(--call-button-font,system-ui,sans-serif);border-radius:var(--call-button-radius,99px);box-sizing:border-box;background:var(--call-button-accent,#0b5fd8);border:1px solid #0000}
:host([placement^=bottom]) [part]{box-shadow:var(--call-button-shadow,0 6px 24px #0004)}
[part]:hover{filter:brightness(1.1)}
[part]:focus-visible{outline:3px solid var(--call-button-focus,var(--call-button-accent,#0b5fd8));outline-offset:3px}
[aria-busy]{opacity:.7}
i{flex:none;border:10px solid;clip-path:path("M2 4l2-2h3l2 5-2.5 2q1.5 3.5 5 5l2-2.5 5 2v3l-2 2A16 16 0 0 1 2 4")}
@media print{:host{display:none}}
`;
