/**
 * Stand-in for https://challenges.cloudflare.com/turnstile/v0/api.js where there is no internet: a classic script that
 * behaves as the real one does towards the page (names, checks of parameters, order of callbacks, a frame in a closed
 * shadow root, errors and warnings): by its documentation, and by what public copies of it do.
 *
 * The sitekey picks what happens: `scenario-…` as listed in `scenarios.ts`, Cloudflare's public test keys, or any other
 * key, which passes. Tests reach what the closed shadow root hides by `window.turnstileStandIn.frames()`.
 * `window.turnstileStandIn = { onload: 'never' }`, set before, makes a script that never gets ready.
 */
(function () {
  'use strict';

  const standIn = (window.turnstileStandIn = window.turnstileStandIn || {});
  const query = new URL(document.currentScript.src).searchParams;
  const TEST_TOKEN = 'XXXX.DUMMY.TOKEN.XXXX';
  const TOKEN_SECONDS = 300;
  const SHORT_SECONDS = 0.05;
  /** Codes of a frame that has crashed: the real script starts it again unless it is told that it need not. */
  const CRASHED = ['300030', '300031'];

  const widgets = new Map();
  standIn.frames = () => [...widgets.values()].map(({ frame }) => frame);

  function warn(text) {
    console.warn(`[Cloudflare Turnstile] ${text}`);
  }

  function fault(text) {
    const error = new Error(`[Cloudflare Turnstile] ${text}`);
    error.name = 'TurnstileError';
    throw error;
  }

  for (const name of query.keys()) {
    if (!['onload', 'compat', 'render'].includes(name)) {
      warn(`Unknown parameter passed to api.js: "?${name}=...", ignoring.`);
    }
  }

  /** Says what `token.ts` reads on the server's side: who was asked, for what, where and when. */
  function makeToken({ sitekey, action }) {
    if (/^[13]x0+/.test(sitekey)) return TEST_TOKEN;
    const host = location.hostname;
    const claims = { sitekey, host, action, issuedAt: Date.now(), nonce: crypto.randomUUID() };
    const body = btoa(JSON.stringify(claims)).replace(
      /[+/=]/g,
      (c) => ({ '+': '-', '/': '_' })[c] || '',
    );
    let sum = 0x811c9dc5;
    for (let i = 0; i < body.length; i++)
      sum = Math.imul(sum ^ body.charCodeAt(i), 0x01000193) >>> 0;
    return `P1_${body}.${sum.toString(16)}`;
  }

  const ONE_OF = {
    theme: ['auto', 'light', 'dark'],
    size: ['normal', 'compact', 'flexible', 'invisible'],
    retry: ['auto', 'never'],
    execution: ['render', 'execute'],
    appearance: ['always', 'execute', 'interaction-only'],
    'refresh-expired': ['auto', 'manual', 'never'],
    'refresh-timeout': ['auto', 'manual', 'never'],
  };

  function check(given) {
    const params = { ...given };
    if (typeof params.sitekey !== 'string') {
      fault(
        `Invalid or missing type for parameter "sitekey", expected "string", got "${typeof params.sitekey}".`,
      );
    }
    if (!/^[\w-]{3,100}$/.test(params.sitekey)) {
      fault(`Invalid input for parameter "sitekey", got "${params.sitekey}".`);
    }
    for (const [name, values] of Object.entries(ONE_OF)) {
      params[name] = params[name] === undefined ? values[0] : params[name];
      if (!values.includes(params[name])) {
        fault(`Invalid value for parameter "${name}", got "${params[name]}".`);
      }
    }
    if (params.action !== undefined && !/^[\w-]{0,32}$/.test(params.action)) {
      fault(`Invalid input for optional parameter "action", got "${params.action}".`);
    }
    params.language = params.language || 'auto';
    if (params.language !== 'auto' && !/^[a-z]{2,3}([-_][a-z]{2})?$/i.test(params.language)) {
      warn(`Invalid language value: "${params.language}".`);
      params.language = 'auto';
    }
    return params;
  }

  class Widget {
    constructor(container, id, params) {
      this.id = id;
      this.params = params;
      this.container = container;
      this.scenario = (/^scenario-(.+)$/.exec(params.sitekey) || [])[1] || '';
      if (/^2x0+/.test(params.sitekey)) this.scenario = 'error-600010';
      if (/^3x0+/.test(params.sitekey)) this.scenario = 'interactive';
      this.timers = [];
      this.asked = 0;
      this.wrapper = document.createElement('div');
      const host = document.createElement('div');
      this.shadow = host.attachShadow({ mode: 'closed' });
      this.wrapper.append(host);
      if (params['response-field'] !== false) {
        this.input = Object.assign(document.createElement('input'), {
          type: 'hidden',
          name: params['response-field-name'] || 'cf-turnstile-response',
        });
        this.wrapper.append(this.input);
      }
      this.load();
      container.append(this.wrapper);
      if (params.execution === 'render') this.execute();
    }

    /** A fresh frame: nothing of the one before is heard any more. */
    load() {
      this.stopTimers();
      this.response = undefined;
      this.executing = false;
      this.ready = false;
      const frame = document.createElement('iframe');
      Object.assign(frame.style, {
        border: 'none',
        width: { compact: '150px', flexible: '100%' }[this.params.size] || '300px',
        height: this.params.size === 'compact' ? '140px' : '65px',
      });
      frame.title = 'Widget containing a Cloudflare security challenge';
      // the real one comes over the network
      frame.addEventListener('load', () => this.after(0, () => this.draw()), { once: true });
      this.frame = frame;
      this.shadow.replaceChildren(frame);
    }

    draw() {
      const { documentElement, body } = this.frame.contentDocument;
      documentElement.lang = this.params.language;
      const dark = this.params.theme === 'dark';
      Object.assign(body.style, {
        margin: '0',
        padding: '20px',
        font: '14px sans-serif',
        color: dark ? '#fff' : '#333',
        background: dark ? '#232323' : '#fafafa',
      });
      this.ready = true;
      if (this.executing) this.play();
    }

    say(text) {
      this.frame.contentDocument.body.textContent = text;
    }

    after(seconds, action) {
      this.timers.push(setTimeout(action, seconds * 1000));
    }

    stopTimers() {
      this.timers.splice(0).forEach(clearTimeout);
    }

    execute() {
      if (this.executing) {
        warn(
          `Call to execute() on a widget that is already executing (${this.id}), consider using reset() before execute().`,
        );
        return;
      }
      if (this.response !== undefined) {
        warn(
          `Call to execute() on a widget that was already executed (${this.id}), execute() will return the previous token obtained. Consider using reset() before execute() to obtain a fresh token.`,
        );
        this.call('callback', this.response);
        return;
      }
      this.executing = true;
      if (this.ready) this.play();
    }

    call(name, ...values) {
      const callback = this.params[name];
      return callback === undefined ? undefined : callback(...values);
    }

    play() {
      // the frame asks its server first
      this.say('Verifying…');
      this.after(0, () => {
        const [, code] = /^error-(.+)$/.exec(this.scenario) || [];
        if (code !== undefined) return this.fail(code);
        switch (this.scenario) {
          case 'never-ready':
            return undefined;
          case 'unsupported':
            this.executing = false;
            return this.call('unsupported-callback');
          case 'interactive':
            return this.ask();
          case 'interactive-timeout':
            this.ask();
            return this.asked > 2 ? undefined : this.after(SHORT_SECONDS, () => this.timeout());
          default:
            return this.pass();
        }
      });
    }

    ask() {
      this.asked++;
      const inner = this.frame.contentDocument;
      const label = inner.createElement('label');
      const box = Object.assign(inner.createElement('input'), { type: 'checkbox' });
      box.addEventListener('click', () => {
        this.call('after-interactive-callback');
        this.after(0, () => this.pass());
      });
      label.append(box, ' Verify you are human');
      inner.body.replaceChildren(label);
      this.call('before-interactive-callback');
    }

    timeout() {
      this.executing = false;
      this.say('Timed out');
      this.call('timeout-callback');
      if (this.params['refresh-timeout'] === 'auto') {
        this.call('after-interactive-callback');
        this.reset();
      }
    }

    pass() {
      this.executing = false;
      this.response = makeToken(this.params);
      if (this.input) this.input.value = this.response;
      this.say('Success!');
      this.call('callback', this.response);
      this.after(this.scenario === 'token-expires' ? SHORT_SECONDS : TOKEN_SECONDS, () => {
        this.say('Expired');
        this.call('expired-callback', this.response);
        if (this.params['refresh-expired'] === 'auto') this.reset();
      });
    }

    fail(code) {
      this.executing = false;
      this.say('Verification failed');
      if (this.params['error-callback'] === undefined) fault(`Error: ${code}.`);
      const handled = this.call('error-callback', code) === true;
      if (!handled) warn(`Error: ${code}.`);
      if (this.params.retry === 'auto' || (CRASHED.includes(code) && !handled)) {
        this.after(0, () => {
          this.load();
          this.execute();
        });
      }
    }

    reset() {
      this.load();
      if (this.params.execution === 'render') this.execute();
    }

    remove() {
      this.stopTimers();
      this.wrapper.remove();
    }
  }

  /** By id, by container, or the only one. */
  function find(target) {
    if (target === undefined) return widgets.values().next().value;
    if (typeof target === 'string') return widgets.get(target);
    return [...widgets.values()].find(({ container }) => container === target);
  }

  const api = {
    render(container, params) {
      const place = typeof container === 'string' ? document.querySelector(container) : container;
      if (!(place instanceof HTMLElement)) fault(`Unable to find a container for "${container}".`);
      const drawn = find(place);
      if (drawn) {
        warn('Turnstile has already been rendered in this container.');
        return drawn.id;
      }
      const id = `cf-chl-widget-${Math.random().toString(36).slice(2, 7)}`;
      widgets.set(id, new Widget(place, id, check(params || {})));
      return id;
    },
    execute(target) {
      const widget = find(target);
      if (!widget) fault('Please provide 2 parameters to execute: container and parameters.');
      widget.execute();
    },
    reset(target) {
      const widget = find(target);
      if (!widget) fault('Nothing to reset found for provided container.');
      widget.reset();
    },
    remove(target) {
      const widget = find(target);
      if (!widget) {
        warn('Nothing to remove found for the provided container.');
        return;
      }
      widgets.delete(widget.id);
      widget.remove();
    },
    getResponse: (target) => find(target)?.response,
    ready: (callback) => callback(),
  };

  if (query.get('onload') && standIn.onload !== 'never') {
    setTimeout(() => {
      const callback = window[query.get('onload')];
      if (typeof callback === 'function') callback();
      else
        warn(`Unable to find onload callback '${query.get('onload')}' immediately after loading.`);
    });
  }
  if (standIn.onload === 'never') return;
  if ('turnstile' in window)
    warn('Turnstile already has been loaded. Was Turnstile imported multiple times?');
  else window.turnstile = api;
})();
