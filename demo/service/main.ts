/** `npm start`: the demo page, the gate and a SIP service that answers, in one process and without internet. */
import { parseArgs } from 'node:util';
import type { CaptchaChoice } from './gate.js';
import { prepareScript } from './script.js';
import { startService, type Service } from './server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    // a finished script-tag build: nothing is built then
    dist: { type: 'string' },
  },
});
const { env } = process;

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  console.error(`"${text}" is no port: give a number from 0 to 65535`);
  process.exit(2);
}

const ACCOUNTS = { hcaptcha: 'hCaptcha', turnstile: 'Turnstile' } as const;

function readCaptcha(): CaptchaChoice {
  for (const provider of ['hcaptcha', 'turnstile'] as const) {
    const sitekey = env[`${provider.toUpperCase()}_SITEKEY`] ?? '';
    const secret = env[`${provider.toUpperCase()}_SECRET`] ?? '';
    if (sitekey !== '' && secret !== '') return { provider, sitekey, secret };
  }
  return { provider: 'altcha' };
}

function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}

/** What happens, for whoever watches; names of callers stay out of it. */
function narrate({ events }: Service): void {
  events.on('refused', ({ alias, status, reason }) => {
    // the challenge of an INVITE without a pass is no news
    if (status !== 407)
      console.log(`${alias}: refused with ${status}${reason === null ? '' : ` ${reason}`}`);
  });
  events.on('answered', ({ alias }) => console.log(`${alias}: answered`));
  events.on('digit', ({ alias, digit }) => console.log(`${alias}: digit ${digit}`));
  events.on('transferred', ({ alias, to }) => console.log(`${alias}: handed over to ${to}`));
  events.on('phones', ({ count }) => console.log(`phones registered: ${count}`));
  events.on('ended', ({ alias, by }) => console.log(`${alias}: ended (${by})`));
  events.on('report', ({ reason, durationMs, packetMs, worstQuality }) => {
    const parts = [
      `${Math.round(durationMs / 1000)} s`,
      ...(packetMs === null ? [] : [`first packet ${Math.round(packetMs)} ms after the press`]),
      ...(worstQuality === null ? [] : [`quality at worst ${worstQuality}`]),
    ];
    console.log(`report of a call: ${reason}, ${parts.join(', ')}`);
  });
  events.on('fault', report);
}

// SIP.js throws in places where nobody can catch it; one broken call must not end the others
process.on('unhandledRejection', report);

const captcha = readCaptcha();
const getScript = (): Promise<string> =>
  values.dist === undefined ? prepareScript() : Promise.resolve(values.dist);

const password = env['AGENT_PASSWORD'] ?? '';
const service = await startService({
  port: readPort(values.port ?? env['PORT'] ?? '8080'),
  furtherPorts: 50,
  host: values.host ?? env['HOST'] ?? '127.0.0.1',
  origins: (env['ORIGINS'] ?? '').split(/[\s,]+/).filter((origin) => origin !== ''),
  captcha,
  ...(password === '' ? {} : { agent: { user: 'agent', password } }),
  dist: getScript,
});
narrate(service);
console.log(`Open ${service.url}`);
console.log(
  'sitekey' in captcha
    ? `CAPTCHA: ${ACCOUNTS[captcha.provider]}, site key ${captcha.sitekey}`
    : 'CAPTCHA: ALTCHA proof of work (others by HCAPTCHA_SITEKEY and HCAPTCHA_SECRET, or TURNSTILE_…)',
);
console.log(
  `A person answers at ${service.url}agent/ (user ${service.agent.user}, password ${service.agent.password})`,
);
console.log(`Set up a button of your own at ${service.url}configurator/`);
// ready before the first visitor asks for it
getScript().catch(report);

async function stop(): Promise<void> {
  // a second signal, or a close that takes too long, ends the process as it is
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  setTimeout(() => process.exit(1), 3000).unref();
  await service.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().catch(report));
