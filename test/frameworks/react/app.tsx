import 'call-button/react';
import type { CallButtonElement } from 'call-button';
import { useRef, useState } from 'react';

const context = { page: '/react' };

export interface Service {
  readonly server: string;
  readonly gate: string;
}

export function App({ server, gate }: Service) {
  const button = useRef<CallButtonElement>(null);
  const [shown, setShown] = useState(true);
  const [name, setName] = useState('Ada');
  const [ended, setEnded] = useState('');
  return (
    <>
      {shown && (
        <call-button
          ref={button}
          className="sales"
          server={server}
          gate={gate}
          target="echo"
          captcha="altcha"
          caller-name={name}
          context={context}
          strings={{ intro: 'Said by React.' }}
          oncall-end={({ reason, report }) => setEnded(`${reason} by ${report.browser}`)}
        >
          <a href="tel:+15550100123">Talk to sales</a>
          <p slot="ended" hidden>
            How was it?
          </p>
        </call-button>
      )}
      <button onClick={() => setName('Grace')}>Rename</button>
      <button onClick={() => button.current?.hangUp()}>End it</button>
      <button onClick={() => setShown(false)}>Remove</button>
      <output>{ended}</output>
    </>
  );
}
