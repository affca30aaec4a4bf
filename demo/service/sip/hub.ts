import type { WebSocket } from 'ws';
import { isAlias } from '../../../src/shared/alias.js';
import type { ServiceEvents } from '../events.js';
import type { CreateMediaPeer } from '../media/peer.js';
import type { Admit } from './admission.js';
import type { Alias, Call } from './call.js';
import { createFlow, type Flow } from './flow.js';
import { createLine, type Line } from './line.js';
import {
  isRequest,
  parseMessage,
  warning,
  writeReply,
  type ReplyOptions,
  type Request,
} from './message.js';
import type { Phones } from './phones.js';

/** The SIP server behind the WebSockets: judges what is new, and hands what belongs to a call to its line. */
export interface Hub {
  /** `address`: where it comes from. */
  accept(socket: WebSocket, address: string): void;
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

export interface HubOptions {
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly admit: Admit;
  readonly phones: Phones;
  readonly createMedia: CreateMediaPeer;
  readonly events: ServiceEvents;
  readonly maxCalls: number;
  readonly graceMs: number;
  readonly mediaTimeoutMs: number;
}

const METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'];
const ALLOW = `Allow: ${METHODS.join(', ')}`;
/** RFC 3261 and its extensions; everything else is not even known (501 instead of 405). */
const REFUSED = ['MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'UPDATE', 'PRACK'];
/** 64 * T1: transactions of an ended call may still be asked for their last response. */
const LINGER_MS = 32_000;

const isSdp = (type: string | undefined): boolean =>
  type?.split(';')[0]!.trim().toLowerCase() === 'application/sdp';

export function createHub(options: HubOptions): Hub {
  const { aliases, admit, events, phones } = options;
  const flows = new Set<Flow>();
  /** By Call-ID and the caller's tag. */
  const lines = new Map<string, Line>();
  const lingering = new Map<string, NodeJS.Timeout>();
  const key = (callId: string, callerTag: string): string => `${callId}\n${callerTag}`;
  const live = (): Line[] => [...lines.values()].filter(({ call }) => call.state !== 'ended');

  function reply(flow: Flow, request: Request, status: number, extra: ReplyOptions = {}): void {
    if (request.method !== 'ACK') flow.send(writeReply(request, status, extra));
  }

  /** What SIP.js would let pass or stumble over. */
  function refuseEarly(flow: Flow, request: Request): boolean {
    const { method } = request;
    if (REFUSED.includes(method)) return (reply(flow, request, 405, { headers: [ALLOW] }), true);
    if (!METHODS.includes(method)) return (reply(flow, request, 501, { headers: [ALLOW] }), true);
    if (method === 'ACK' || method === 'CANCEL') return false;
    const required = request.getHeader('Require');
    if (required !== undefined) {
      reply(flow, request, 420, { headers: [`Unsupported: ${required}`] });
      return true;
    }
    if (method === 'INVITE' && request.body !== '' && !isSdp(request.getHeader('Content-Type'))) {
      reply(flow, request, 415, { headers: ['Accept: application/sdp'] });
      return true;
    }
    return false;
  }

  /** In a dialog. */
  function route(flow: Flow, request: Request): void {
    const line = lines.get(key(request.callId, request.fromTag));
    const over = line?.call.state === 'ended';
    if (line?.tag !== request.toTag || (over && line.flow !== flow)) {
      reply(flow, request, 481);
      return;
    }
    if (line.flow !== flow) line.rebind(flow);
    line.receive(request.data);
  }

  async function invite(flow: Flow, request: Request): Promise<void> {
    const id = key(request.callId, request.fromTag);
    const known = lines.get(id);
    if (known !== undefined && known.call.state !== 'ended') {
      if (known.flow === flow) {
        known.receive(request.data);
        return;
      }
      // a caller whose connection broke while it rang starts anew, perhaps before we know that it broke
      if (known.call.state === 'established') {
        reply(flow, request, 482, { headers: [warning('this call runs on another connection')] });
        return;
      }
    }
    const alias = request.ruri?.user ?? '';
    const about = { callId: request.callId, alias };
    const refuse = (status: number, extra: ReplyOptions = {}): void => {
      events.emit('refused', { ...about, status, reason: extra.reason ?? null });
      reply(flow, request, status, extra);
    };
    events.emit('invite', { ...about, raw: request.data });
    if (request.ruri?.scheme !== 'sip' && request.ruri?.scheme !== 'sips') {
      refuse(416);
      return;
    }
    const answerAs = isAlias(alias) ? aliases.get(alias) : undefined;
    if (answerAs === undefined) {
      refuse(404, { headers: [warning('no such service')] });
      return;
    }
    if (!request.hasHeader('Contact')) {
      refuse(400, { headers: [warning('Contact is missing')] });
      return;
    }
    const admission = await admit(request, alias);
    if (!admission.ok) {
      refuse(admission.status, admission);
      return;
    }
    events.emit('admitted', { ...about, name: admission.name, by: admission.by });
    if (request.body === '') {
      refuse(488, { headers: [warning('an INVITE needs an offer')] });
      return;
    }
    if (live().length >= options.maxCalls) {
      refuse(503, { headers: ['Retry-After: 10'] });
      return;
    }
    if (!flow.open) return;
    forget(id);
    const line = createLine({
      ...options,
      invite: request,
      alias,
      answerAs,
      callerName: admission.name,
      flow,
      onEnded: () =>
        lingering.set(
          id,
          setTimeout(() => forget(id), LINGER_MS),
        ),
    });
    if (line !== null) lines.set(id, line);
  }

  function forget(id: string): void {
    clearTimeout(lingering.get(id));
    lingering.delete(id);
    void lines.get(id)?.dispose();
    lines.delete(id);
  }

  async function onRequest(flow: Flow, request: Request): Promise<void> {
    if (request.method === 'REFER') {
      reply(flow, request, 405, { headers: [ALLOW] });
      return;
    }
    if (request.toTag) {
      route(flow, request);
      return;
    }
    const line = lines.get(key(request.callId, request.fromTag));
    switch (request.method) {
      case 'INVITE':
        return invite(flow, request);
      case 'OPTIONS': {
        reply(flow, request, 200, { headers: [ALLOW, 'Accept: application/sdp'] });
        return;
      }
      case 'CANCEL':
        if (line?.flow === flow) {
          line.receive(request.data);
          return;
        }
        {
          reply(flow, request, 481);
          return;
        }
      default: {
        reply(flow, request, 481);
        return;
      }
    }
  }

  async function onMessage(flow: Flow, text: string): Promise<void> {
    const parsed = parseMessage(text);
    if (!parsed.ok) {
      events.emit('dropped', { why: parsed.why });
      if (parsed.reply !== null) flow.send(parsed.reply);
      return;
    }
    const { message } = parsed;
    const request = isRequest(message) ? message : null;
    const { method } = message;
    const forPhones = request !== null && (method === 'REGISTER' || method === 'REFER');
    if (request !== null && !forPhones && refuseEarly(flow, request)) return;
    if (phones.receive(flow, message)) return;
    if (request !== null) return onRequest(flow, request);
    // a response to a request of ours: there the caller's tag is in To
    const line = lines.get(key(message.callId, message.toTag));
    if (line?.flow === flow) line.receive(text);
    else events.emit('dropped', { why: 'response to nothing' });
  }

  return {
    accept(socket, address) {
      // one after the other: a CANCEL must not overtake its INVITE while the pass of that one is checked
      let queue = Promise.resolve();
      const flow = createFlow(socket, address, {
        onMessage(text) {
          queue = queue
            .then(() => onMessage(flow, text))
            .catch((error: unknown) => void events.emit('fault', error));
        },
        onClosed() {
          flows.delete(flow);
          for (const line of lines.values()) if (line.flow === flow) line.lose();
          phones.onFlowClosed(flow);
          events.emit('flow', { state: 'closed' });
        },
      });
      flows.add(flow);
      events.emit('flow', { state: 'opened' });
    },
    get calls() {
      return live().map(({ call }) => call);
    },
    async close() {
      for (const timer of lingering.values()) clearTimeout(timer);
      lingering.clear();
      const all = [...lines.values()];
      lines.clear();
      await Promise.all([...all.map((line) => line.dispose()), phones.close()]);
      // onEnded has set new timers meanwhile
      for (const timer of lingering.values()) clearTimeout(timer);
      for (const flow of flows) flow.close();
    },
  };
}
