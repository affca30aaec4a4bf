/** A PBX of FreeSWITCH as its administrator has it, with the recipe's files beside his own. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from '../../../demo/gateway/certificate.js';
import { startDaemon } from '../../../demo/gateway/daemon.js';
import { findPort, findPortRange } from '../../../demo/gateway/ports.js';
import { fill, RECIPES, type RecipeOptions, type RecipePbx } from './recipe.js';

const MODULES = [
  ...['commands', 'curl', 'dialplan_xml', 'dptools', 'hash', 'logfile', 'opus'],
  ...['sndfile', 'sofia', 'spandsp', 'tone_stream'],
];

/** Its telephone is known, its trunk has no password, and both may dial out. */
const configuration = (
  { telephonePort, trunkPort }: RecipeOptions,
  ports: { readonly own: number; readonly media: number },
): string => `<document type="freeswitch/xml">
<X-PRE-PROCESS cmd="set" data="domain=127.0.0.1"/>
<section name="configuration">
  <configuration name="modules.conf"><modules>
    ${MODULES.map((name) => `<load module="mod_${name}"/>`).join('')}
  </modules></configuration>
  <configuration name="switch.conf"><settings>
    <param name="rtp-start-port" value="${ports.media}"/>
    <param name="rtp-end-port" value="${ports.media + 199}"/>
    <param name="sessions-per-second" value="1000"/>
    <param name="max-sessions" value="100"/>
  </settings></configuration>
  <configuration name="logfile.conf"><profiles><profile name="default">
    <settings/>
    <mappings><map name="all" value="console,info,notice,warning,err,crit,alert"/></mappings>
  </profile></profiles></configuration>
  <configuration name="acl.conf"><network-lists/></configuration>
  <configuration name="sofia.conf"><profiles>
    <profile name="internal"><settings>
      <param name="context" value="internal"/>
      <param name="sip-ip" value="127.0.0.1"/>
      <param name="rtp-ip" value="127.0.0.1"/>
      <param name="sip-port" value="${ports.own}"/>
      <param name="inbound-codec-prefs" value="OPUS,PCMU,VP8"/>
      <param name="outbound-codec-prefs" value="OPUS,PCMU,VP8"/>
    </settings></profile>
    <X-PRE-PROCESS cmd="include" data="sip_profiles/web.xml"/>
  </profiles></configuration>
</section>
<section name="dialplan">
  <context name="internal">
    <extension name="outside"><condition field="destination_number" expression="^0">
      <action application="bridge" data="sofia/internal/outside@127.0.0.1:${trunkPort};transport=tcp"/>
    </condition></extension>
  </context>
  <X-PRE-PROCESS cmd="include" data="dialplan/from-web.xml"/>
</section>
<section name="directory">
  <domain name="$\${domain}">
    <user id="1000"><params>
      <param name="dial-string" value="sofia/internal/sip:100@127.0.0.1:${telephonePort};transport=tcp"/>
    </params></user>
  </domain>
</section>
</document>
`;

export async function startFreeswitch(options: RecipeOptions): Promise<RecipePbx> {
  const { folder, program } = options;
  const conf = join(folder, 'conf');
  for (const name of ['conf/sip_profiles', 'conf/dialplan', 'log', 'run', 'db', 'certs', 'temp']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  const [wssPort, plainPort, own, { certificate, key }] = await Promise.all([
    findPort(),
    findPort(),
    findPort(),
    makeCertificate(options.openssl, folder, '127.0.0.1'),
  ]);
  const media = findPortRange(200);
  const files = [certificate, key];
  const ca = await readFile(certificate);
  await writeFile(
    join(folder, 'certs/wss.pem'),
    Buffer.concat(await Promise.all(files.map((file) => readFile(file)))),
  );
  await writeFile(join(conf, 'freeswitch.xml'), configuration(options, { own, media }));
  await writeFile(
    join(conf, 'sip_profiles/web.xml'),
    fill(await readFile(`${RECIPES}freeswitch/web-profile.xml`, 'utf8'), {
      '0.0.0.0:7443': `127.0.0.1:${wssPort}`,
      '"5090"': `"${plainPort}"`,
      '$${external_rtp_ip}': '$${local_ip_v4}',
    }),
  );
  await writeFile(
    join(conf, 'dialplan/from-web.xml'),
    fill(await readFile(`${RECIPES}freeswitch/from-web.xml`, 'utf8'), {
      'https://www.example.com/call-gate': options.gateUrl,
      'change-me-redeem': options.redeemSecret,
      '"media_timeout_audio=30000"': `"media_timeout_audio=${options.mediaTimeoutSeconds * 1000}"`,
    }),
  );
  const folders = ['conf', 'log', 'run', 'db', 'certs', 'temp'];
  const daemon = await startDaemon({
    name: 'freeswitch',
    program,
    args: [
      ...['-nf', '-nonat', '-nosql', '-nort', '-np'],
      ...folders.flatMap((name) => [`-${name}`, join(folder, name)]),
      ...['htdocs', 'scripts', 'grammar', 'recordings', 'storage', 'cache', 'sounds'].flatMap(
        (name) => [`-${name}`, join(folder, 'temp')],
      ),
    ],
    folder,
    onLine: options.onLine,
    onExit: options.onExit,
    // what it prints comes in blocks, and late
    ready: async () =>
      (await readFile(join(folder, 'log/freeswitch.log'), 'utf8').catch(() => '')).includes(
        'FreeSWITCH Started',
      ),
  });
  return { ...daemon, sipUrl: `wss://127.0.0.1:${wssPort}/`, ca };
}
