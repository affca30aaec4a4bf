/**
 * Stand-in for https://js.hcaptcha.com/1/api.js where there is no internet: a classic script that behaves as the
 * real one does towards the page (names, order of callbacks, DOM, errors), with a challenge that one press solves.
 *
 * The sitekey picks what happens: `scenario-…` as listed in `scenarios.ts`, hCaptcha's public test key, or any other
 * key for a challenge that waits for a press. `window.hcaptchaStandIn = { onload: 'never' }`, set before, makes a
 * script that never gets ready.
 */
(function () {
  'use strict';

  const settings = window.hcaptchaStandIn || {};
  const query = new URL(document.currentScript.src).searchParams;
  // the real script sets itself up once a page: loaded again it replaces the global and calls nobody
  const setUpBefore = Boolean(window.hcaptcha);

  const TEST_SITEKEY = '10000000-ffff-ffff-ffff-000000000001';
  const TEST_TOKEN = '10000000-aaaa-bbbb-cccc-000000000001';
  const TOKEN_SECONDS = 120;
  const SHORT_SECONDS = 0.05;

  const widgets = new Map();
  let count = 0;

  /** Callbacks come by function or by name of a global; what they throw stays here. */
  function call(callback, ...values) {
    try {
      const target = typeof callback === 'string' ? window[callback] : callback;
      if (typeof target === 'function') target(...values);
      else if (callback) console.log(`[hCaptcha] Callback '${callback}' is not defined.`);
    } catch (error) {
      console.error('[hCaptcha] There was an error in your callback.', error);
    }
  }

  function later(action, seconds = 0) {
    return setTimeout(action, seconds * 1000);
  }

  function element(tag, style, properties) {
    const made = document.createElement(tag);
    Object.assign(made.style, style);
    return Object.assign(made, properties);
  }

  /** Says what `token.ts` reads on the server's side: who was asked, where and when. */
  function makeToken(sitekey) {
    if (sitekey === TEST_SITEKEY) return TEST_TOKEN;
    const host = query.get('host') || location.hostname;
    const claims = { sitekey, host, issuedAt: Date.now(), nonce: crypto.randomUUID() };
    const body = btoa(JSON.stringify(claims)).replace(
      /[+/=]/g,
      (c) => ({ '+': '-', '/': '_' })[c] || '',
    );
    let sum = 0x811c9dc5;
    for (let i = 0; i < body.length; i++)
      sum = Math.imul(sum ^ body.charCodeAt(i), 0x01000193) >>> 0;
    return `P1_${body}.${sum.toString(16)}`;
  }

  class Widget {
    constructor(container, id, config) {
      this.id = id;
      this.config = config;
      this.container = container;
      this.scenario = (/^scenario-(.+)$/.exec(config.sitekey) || [])[1] || '';
      this.response = '';
      this.key = '';
      this.promise = null;
      this.challenge = null;
      this.timers = [];
      this.checkbox = null;
      const compact = config.size === 'compact';
      this.iframe = element(
        'iframe',
        {
          width: compact ? '164px' : '303px',
          height: compact ? '144px' : '78px',
          overflow: 'hidden',
          border: '0',
        },
        { title: 'Widget containing checkbox for hCaptcha security challenge' },
      );
      if (config.size === 'invisible') this.iframe.style.display = 'none';
      this.iframe.dataset.hcaptchaWidgetId = id;
      this.iframe.dataset.hcaptchaResponse = '';
      // once: an iframe that is moved in the document loads again, and its content is gone
      this.iframe.addEventListener('load', () => this.drawCheckbox(), { once: true });
      const hide = { display: 'none' };
      this.areas = ['h-captcha-response'];
      if (query.get('recaptchacompat') !== 'off') this.areas.push('g-recaptcha-response');
      this.areas = this.areas.map((name) =>
        element('textarea', hide, { name, id: `${name}-${id}` }),
      );
      container.append(this.iframe, ...this.areas);
    }

    drawCheckbox() {
      const inner = this.iframe.contentDocument;
      const dark = this.config.theme === 'dark';
      Object.assign(inner.body.style, {
        margin: '0',
        font: '16px sans-serif',
        color: dark ? '#fff' : '#333',
        background: dark ? '#333' : '#fafafa',
      });
      const label = inner.createElement('label');
      Object.assign(label.style, {
        display: 'flex',
        alignItems: 'center',
        gap: '12px',
        padding: '24px 16px',
      });
      this.checkbox = inner.createElement('input');
      this.checkbox.type = 'checkbox';
      this.checkbox.id = 'checkbox';
      this.checkbox.addEventListener('click', (event) => {
        // ticked by an answer, not by the press
        event.preventDefault();
        if (!this.response) this.start();
      });
      label.append(this.checkbox, this.config.hl === 'de' ? 'Ich bin ein Mensch' : 'I am human');
      inner.documentElement.lang = this.config.hl || query.get('hl') || '';
      inner.body.append(label);
    }

    tick(on) {
      // after the click event, whose default action would undo it
      later(() => this.checkbox && (this.checkbox.checked = on));
    }

    setResponse(value) {
      this.response = value;
      this.iframe.dataset.hcaptchaResponse = value;
      for (const area of this.areas) area.value = value;
    }

    after(seconds, action) {
      this.timers.push(later(action, seconds));
    }

    stopTimers() {
      this.timers.splice(0).forEach(clearTimeout);
    }

    start() {
      this.stopTimers();
      this.setResponse('');
      // the real widget asks its server first
      this.after(0, () => this.play());
    }

    play() {
      const error = /^error-(.+)$/.exec(this.scenario);
      if (error) return this.fail(error[1]);
      switch (this.scenario) {
        case 'pass':
        case 'token-expires':
          return this.pass();
        case 'never-ready':
          return;
        case 'user-closes':
          this.open();
          return this.after(0, () => this.close('challenge-closed'));
        case 'challenge-expires':
          this.open();
          return this.after(SHORT_SECONDS, () => this.close('challenge-expired'));
        default:
          if (this.config.sitekey === TEST_SITEKEY) this.pass();
          else this.open();
      }
    }

    open() {
      const overlay = element('div', {
        position: 'fixed',
        inset: '0',
        zIndex: '2147483647',
        background: '#0003',
      });
      const box = element('div', {
        position: 'absolute',
        inset: '50% auto auto 50%',
        transform: 'translate(-50%, -50%)',
        padding: '24px',
        background: '#fff',
        color: '#333',
        font: '16px sans-serif',
        borderRadius: '4px',
      });
      box.setAttribute('role', 'dialog');
      box.setAttribute('aria-label', 'hCaptcha challenge');
      overlay.dataset.hcaptchaChallenge = this.id;
      const button = (name, action) => {
        const made = element(
          'button',
          { marginInlineEnd: '8px', padding: '8px 16px' },
          { type: 'button' },
        );
        made.dataset.action = name.toLowerCase();
        made.textContent = name;
        made.addEventListener('click', action);
        return made;
      };
      box.append(
        button('Solve', () => this.pass()),
        button('Close', () => this.close('challenge-closed')),
      );
      overlay.append(box);
      overlay.addEventListener(
        'click',
        ({ target }) => target === overlay && this.close('challenge-closed'),
      );
      this.hide();
      this.challenge = overlay;
      document.body.append(overlay);
      box.firstElementChild.focus();
      call(this.config['open-callback']);
    }

    hide() {
      if (this.challenge) this.challenge.remove();
      this.challenge = null;
    }

    settle(how, value) {
      const { promise } = this;
      this.promise = null;
      if (promise) promise[how](value);
    }

    pass() {
      this.hide();
      this.setResponse(makeToken(this.config.sitekey));
      this.key = `E1_${crypto.randomUUID()}`;
      this.tick(true);
      this.iframe.focus();
      call(this.config.callback, this.response);
      this.settle('resolve', { response: this.response, key: this.key });
      this.after(this.scenario === 'token-expires' ? SHORT_SECONDS : TOKEN_SECONDS, () => {
        this.reset();
        call(this.config['expired-callback']);
      });
    }

    /** Told whether or not a challenge was open, as the real one does. */
    close(code) {
      this.stopTimers();
      this.hide();
      this.setResponse('');
      this.tick(false);
      this.iframe.focus();
      call(this.config[code === 'challenge-expired' ? 'chalexpired-callback' : 'close-callback']);
      this.settle('reject', code);
    }

    fail(code) {
      this.hide();
      this.tick(false);
      // these have no callback, only a promise
      if (!/^(missing-captcha|invalid-captcha-id|internal-error)$/.test(code)) {
        call(this.config['error-callback'], code);
      }
      this.settle('reject', code);
    }

    reset() {
      this.stopTimers();
      this.setResponse('');
      this.tick(false);
    }

    remove() {
      this.stopTimers();
      this.hide();
      this.iframe.remove();
      for (const area of this.areas) area.remove();
    }
  }

  function find(id) {
    const widget = id ? widgets.get(id) : widgets.values().next().value;
    if (widget) return widget;
    throw Error(id ? `[hCaptcha] invalid captcha id: ${id}` : '[hCaptcha] no captchas exist.');
  }

  window.hcaptcha = {
    render(container, config) {
      const place = typeof container === 'string' ? document.getElementById(container) : container;
      if (!place || place.nodeType !== 1) {
        console.log(`[hCaptcha] render: invalid container '${container}'.`);
        return undefined;
      }
      const drawn = place.querySelector('iframe[data-hcaptcha-widget-id]');
      if (drawn) {
        console.error('Only one captcha is permitted per parent container.');
        return drawn.dataset.hcaptchaWidgetId;
      }
      if (!config || !config.sitekey) {
        console.error('[hCaptcha] Missing sitekey - https://hcaptcha.com/docs/configuration#jsapi');
        place.textContent = 'hCaptcha has failed to initialize.';
        return undefined;
      }
      const id = `${count++}${Math.random().toString(36).slice(2)}`;
      widgets.set(id, new Widget(place, id, config));
      return id;
    },
    execute(id, options) {
      const wanted = typeof id === 'object' ? id : options;
      const name = typeof id === 'string' ? id : undefined;
      if (!wanted || !wanted.async) return void find(name).start();
      return new Promise((resolve, reject) => {
        const widget = name ? widgets.get(name) : widgets.values().next().value;
        if (!widget) return reject(name ? 'invalid-captcha-id' : 'missing-captcha');
        // an older promise is forgotten, as by the real one
        widget.promise = { resolve, reject };
        widget.start();
      });
    },
    reset: (id) => find(id).reset(),
    close: (id) => find(id).close('challenge-closed'),
    remove(id) {
      const widget = find(id);
      widgets.delete(widget.id);
      widget.remove();
    },
    getResponse: (id) => find(id).response,
    getRespKey: (id) => find(id).key,
    setData(id, data) {
      const given = typeof id === 'object' ? id : data;
      if (!given || typeof given !== 'object') throw Error('[hCaptcha] invalid data supplied');
      find(typeof id === 'string' ? id : undefined);
    },
  };

  if (!setUpBefore && settings.onload !== 'never') {
    later(() => {
      if (query.get('render') !== 'explicit') {
        for (const place of document.querySelectorAll('.h-captcha')) {
          window.hcaptcha.render(place, {
            sitekey: place.dataset.sitekey,
            callback: place.dataset.callback,
          });
        }
      }
      if (query.get('onload')) call(query.get('onload'));
    });
  }
})();
