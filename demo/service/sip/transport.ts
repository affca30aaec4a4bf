import { EmitterImpl, TransportState, type Transport } from 'sip.js';

export interface LineTransportOptions {
  readonly send: (message: string) => void;
}

/**
 * The transport of one dialog. It counts as connected as long as the dialog lives, over whatever WebSocket the
 * caller has at the moment: a message that nobody receives is a matter of SIP's timers.
 */
export class LineTransport implements Transport {
  readonly protocol = 'WS';
  readonly #change = new EmitterImpl<TransportState>();
  readonly #send: (message: string) => void;
  #state = TransportState.Disconnected;
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;

  constructor(_logger: unknown, options: LineTransportOptions) {
    this.#send = options.send;
  }

  get state(): TransportState {
    return this.#state;
  }

  get stateChange(): EmitterImpl<TransportState> {
    return this.#change;
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected;
  }

  connect(): Promise<void> {
    this.#move(TransportState.Connected);
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.#move(TransportState.Disconnected);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  send(message: string): Promise<void> {
    this.#send(message);
    return Promise.resolve();
  }

  #move(state: TransportState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#change.emit(state);
  }
}
