/** A PBX of Asterisk as its administrator has it, with the recipe's files included in his own. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from '../../../demo/gateway/certificate.js';
import { startDaemon } from '../../../demo/gateway/daemon.js';
import { findPort, findPortRange } from '../../../demo/gateway/ports.js';
import { fill, RECIPES, type RecipeOptions, type RecipePbx } from './recipe.js';

/** Its telephone has a password, its trunk an address; both may dial out, and transfer by digits. */
const ownEndpoints = (
  { telephonePort, trunkPort }: RecipeOptions,
  tcpPort: number,
): string => `[transport-tcp]
type = transport
protocol = tcp
bind = 127.0.0.1:${tcpPort}

[100]
type = endpoint
transport = transport-tcp
context = internal
allow = !all,opus,ulaw,vp8
auth = 100
aors = 100
[100]
type = auth
username = 100
password = password-of-the-telephone
[100]
type = aor
contact = sip:100@127.0.0.1:${telephonePort}\\;transport=tcp

[trunk]
type = endpoint
transport = transport-tcp
context = internal
allow = !all,ulaw
identify_by = ip
aors = trunk
[trunk]
type = aor
contact = sip:127.0.0.1:${trunkPort}\\;transport=tcp

#include web/pjsip.conf
`;

const OWN_DIALPLAN = `[general]
static = yes

[globals]
OWN = yes

[internal]
exten = _0X.,1,Dial(PJSIP/\${EXTEN}@trunk)
exten = 100,1,Dial(PJSIP/100)

#include web/extensions.conf
`;

/** As the recipe says. */
const WITH_PICTURES = {
  '\nallow = !all,opus,g722,ulaw,alaw\n': '\n',
  '\nrtp_timeout': '\n;rtp_timeout',
  ';allow': 'allow',
  ';timers': 'timers',
};

export async function startAsterisk(options: RecipeOptions): Promise<RecipePbx> {
  const { folder, program } = options;
  for (const name of ['etc/web', 'lib', 'spool', 'run', 'log']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  const [httpsPort, tcpPort, { certificate, key }] = await Promise.all([
    findPort(),
    findPort(),
    makeCertificate(options.openssl, folder, '127.0.0.1'),
  ]);
  const mediaPort = findPortRange(200);
  const recipe = async (name: string, values: Readonly<Record<string, string>>): Promise<string> =>
    fill(await readFile(join(RECIPES, 'asterisk', name), 'utf8'), values);
  const files = {
    'asterisk.conf': `[directories]
astetcdir => ${folder}/etc
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/lib
astkeydir => ${folder}/lib
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log
`,
    'modules.conf': '[modules]\nautoload = yes\n',
    'logger.conf': '[logfiles]\nconsole = notice,warning,error,verbose\n',
    // digits by which a telephone can dial out
    'features.conf': '[featuremap]\nblindxfer = #1\natxfer = *2\n',
    'queues.conf': '[support]\nmember => PJSIP/100\n',
    'pjsip.conf': ownEndpoints(options, tcpPort),
    'extensions.conf': OWN_DIALPLAN,
    'http.conf': await recipe('http.conf', {
      '0.0.0.0:8089': `127.0.0.1:${httpsPort}`,
      '/etc/asterisk/keys/fullchain.pem': certificate,
      '/etc/asterisk/keys/privkey.pem': key,
    }),
    'rtp.conf': await recipe('rtp.conf', {
      '= 30000': `= ${mediaPort}`,
      '= 34000': `= ${mediaPort + 199}`,
    }),
    'web/pjsip.conf': await recipe('pjsip.conf', {
      'rtp_timeout = 30': `rtp_timeout = ${options.mediaTimeoutSeconds}`,
      ...(options.pictures ? WITH_PICTURES : {}),
    }),
    'web/extensions.conf': await recipe('extensions.conf', {
      'https://www.example.com/call-gate': options.gateUrl,
      'change-me-redeem': options.redeemSecret,
    }),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, 'etc', name), text);
  }
  const daemon = await startDaemon({
    name: 'asterisk',
    program,
    args: ['-f', '-n', '-C', join(folder, 'etc/asterisk.conf')],
    folder,
    onLine: options.onLine,
    onExit: options.onExit,
    ready: (lines) => lines.some((line) => line.includes('Asterisk Ready')),
  });
  return {
    ...daemon,
    sipUrl: `wss://127.0.0.1:${httpsPort}/ws`,
    ca: await readFile(certificate),
  };
}
