/** SIPp scenarios of a called party, from a list of steps. */
import { writeFile } from 'node:fs/promises';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSipp } from '../../../demo/gateway/sipp.js';
import type { GatewayWorld } from './world.js';

export type Step =
  | {
      readonly reply: string;
      readonly headers?: readonly string[];
      readonly sdp?: Sdp;
      /** Makes another telephone of it, of those that ring at a time. */
      readonly tag?: string;
      /** Of a request in the dialog, whose To has the tag already. */
      readonly again?: boolean;
      /** Answers the INVITE although a CANCEL came last. */
      readonly of?: 'INVITE';
    }
  | { readonly pauseMs: number }
  | { readonly receive: string; readonly optional?: boolean }
  | { readonly receiveReply: number; readonly optional?: boolean }
  | { readonly request: string; readonly headers?: readonly string[]; readonly sdp?: Sdp };

/** `hold` wants to send only; a number is another port of 127.0.0.1 for the media, of `openEcho` say. */
export type Sdp = 'answer' | 'hold' | number;

const CONTACT = 'Contact: <sip:far@[local_ip]:[local_port];transport=[transport]>';

function sdpOf(sdp: Sdp, version: number): string {
  return [
    'v=0',
    `o=far 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${typeof sdp === 'number' ? sdp : '[media_port]'} RTP/AVP 0 126`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:126 telephone-event/8000',
    `a=${sdp === 'hold' ? 'sendonly' : 'sendrecv'}`,
    '',
  ].join('\n');
}

function body(sdp: Sdp | undefined, version: number): string {
  if (sdp === undefined) return 'Content-Length: 0\n\n';
  return `Content-Type: application/sdp\nContent-Length: [len]\n\n${sdpOf(sdp, version)}`;
}

const send = (text: string, more = ''): string => `<send${more}><![CDATA[\n\n${text}\n]]></send>`;

function toXml(step: Step, index: number): string {
  if ('pauseMs' in step) return `<pause milliseconds="${step.pauseMs}"/>`;
  if ('receive' in step) {
    return `<recv request="${step.receive}" crlf="true"${step.optional === true ? ' optional="true"' : ' timeout="15000"'}/>`;
  }
  if ('receiveReply' in step) {
    return `<recv response="${step.receiveReply}"${step.optional === true ? ' optional="true"' : ' timeout="15000"'}/>`;
  }
  if ('reply' in step) {
    const initial =
      step.again !== true && (step.tag !== undefined || !step.reply.startsWith('200 ok'));
    // of the request that came last; an in-dialog one has its tag already
    const to = initial ? `[last_To:];tag=far[call_number]${step.tag ?? ''}` : '[last_To:]';
    const lines =
      step.of === 'INVITE'
        ? ['Via:[$3]', 'Via:[$4]', '[last_From:]', to, '[last_Call-ID:]', 'CSeq:[$5]', CONTACT]
        : [
            '[last_Via:]',
            '[last_Record-Route:]',
            '[last_From:]',
            to,
            '[last_Call-ID:]',
            '[last_CSeq:]',
            CONTACT,
          ];
    return send(
      `SIP/2.0 ${step.reply}\n${[...lines, ...(step.headers ?? [])].join('\n')}\n${body(step.sdp, index)}`,
    );
  }
  const ack = step.request === 'ACK';
  return send(
    [
      `${step.request} [next_url] SIP/2.0`,
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      '[routes]',
      'Max-Forwards: 70',
      'From: [$2];tag=far[call_number]',
      'To: [$1]',
      '[last_Call-ID:]',
      ack ? 'CSeq: [cseq] ACK' : `CSeq: [cseq] ${step.request}`,
      CONTACT,
      ...(step.headers ?? []),
      '',
    ].join('\n') + body(step.sdp, index),
  );
}

/** The caller's From and To are kept: in requests of ours they change places. Its Vias and CSeq: for after a CANCEL. */
const INVITE = `<recv request="INVITE" crlf="true" rrs="true"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="2"/>
<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="3"/>
<ereg regexp=".*" search_in="hdr" header="Via:" occurrence="2" assign_to="4"/>
<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="5"/>
</action></recv>
<Reference variables="1,2,3,4,5"/>`;

export interface Far {
  /** What it sent and received, with SIPp's own lines between. */
  messages(): Promise<string>;
  /** Its scenario ran to its end. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

let count = 0;

/** Waits for one call of the alias `sipp`, and does with it what the steps say. */
export async function playFar(world: GatewayWorld, steps: readonly Step[]): Promise<Far> {
  const folder = join(world.folder, `far-${(count += 1)}`);
  await mkdir(folder);
  const scenario = join(folder, 'scenario.xml');
  const xml = [INVITE, ...steps.map((step, i) => toXml(step, i + 1))].join('\n');
  await writeFile(
    scenario,
    `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="far">\n${xml}\n</scenario>\n`,
  );
  const log = join(folder, 'messages.log');
  let finish: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  done.catch(() => {}); // whoever awaits it is told
  const sipp = await startSipp({
    program: world.programs.sipp,
    folder,
    scenario,
    port: world.farPort,
    args: [
      '-m',
      '1',
      '-trace_msg',
      '-message_file',
      log,
      '-mi',
      '127.0.0.1',
      '-rtp_echo',
      '-default_behaviors',
      'all,-bye',
      // OPTIONS above all: the element asks a quiet far end whether it is there
      '-aa',
    ],
    onExit: (why) => {
      if (why.startsWith('sipp ended (status 0)')) finish();
      else fail(new Error(why));
    },
  });
  return {
    messages: () => readFile(log, 'utf8').catch(() => ''),
    done,
    stop: () => sipp.stop(),
  };
}
