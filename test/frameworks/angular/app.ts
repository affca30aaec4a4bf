import 'call-button/define';
import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';

const { server = '', gate = '' } = Object.fromEntries(new URLSearchParams(location.search));

@Component({
  selector: 'app-root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    @if (shown()) {
      <call-button
        #button
        class="sales"
        target="echo"
        captcha="altcha"
        [server]="server"
        [gate]="gate"
        [callerName]="name()"
        [context]="context"
        [strings]="strings"
        (call-end)="ended.set($event.reason + ' by ' + $event.report.browser)"
      >
        <a href="tel:+15550100123">Talk to sales</a>
        <p slot="ended" hidden>How was it?</p>
      </call-button>
      <button (click)="button.hangUp()">End it</button>
    }
    <button (click)="name.set('Grace')">Rename</button>
    <button (click)="shown.set(false)">Remove</button>
    <output>{{ ended() }}</output>
  `,
})
export class App {
  readonly server = server;
  readonly gate = gate;
  readonly context = { page: '/angular' };
  readonly strings = { intro: 'Said by Angular.' };
  readonly shown = signal(true);
  readonly name = signal('Ada');
  readonly ended = signal('');
}
