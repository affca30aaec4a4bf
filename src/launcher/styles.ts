// Inner elements set every inherited property a page's global CSS may have changed; `all: initial` on the host
// leaves the page's own rules for `call-button` in force, since outer rules win over `:host`.
export const CSS_TEXT = `
:host{all:initial;display:inline-block;vertical-align:middle;color-scheme:inherit}
:host([hidden]),[hidden]{display:none!important}
:host([placement^=bottom]){position:fixed;inset-block-end:max(1.25rem,env(safe-area-inset-bottom));z-index:var(--call-button-z-index,2147483000)}
:host([placement=bottom-right]){inset-inline-end:1.25rem}
:host([placement=bottom-left]){inset-inline-start:1.25rem}
[part]{box-sizing:border-box;display:inline-flex;align-items:center;justify-content:center;gap:.5em;min-height:48px;max-width:100%;padding:.75em 1.25em;border:0;border-radius:var(--call-button-radius,999px);background:var(--call-button-accent,#0b5fd8);color:var(--call-button-accent-text,#fff);font:600 1rem/1.25 var(--call-button-font,system-ui,sans-serif);text-decoration:none;cursor:pointer;-webkit-tap-highlight-color:transparent;transition:filter .15s,transform .1s}
:host([placement^=bottom]) [part]{box-shadow:var(--call-button-shadow,0 6px 24px #0003)}
[part]:hover{filter:brightness(1.08)}
[part]:active{transform:scale(.98)}
[part]:focus-visible{outline:3px solid var(--call-button-focus,var(--call-button-accent,#0b5fd8));outline-offset:3px}
[aria-busy=true]{cursor:progress}
:host(:state(in-call)) button{background:var(--call-button-success,#188038)}
svg{width:1.25em;height:1.25em;flex:none;fill:currentColor}
[aria-busy=true] svg{animation:b 1s ease-in-out infinite alternate}
@keyframes b{to{opacity:.3}}
@media (prefers-reduced-motion:reduce){[part],svg{animation:none!important;transition:none}}
@media (forced-colors:active){[part]{border:1px solid}}
@media print{button,call-button-panel{display:none!important}}
`;
