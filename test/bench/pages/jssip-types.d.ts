/** The part of JsSIP that its page uses: the package is there only once the benchmark has installed it. */
declare module 'jssip' {
  export class WebSocketInterface {
    constructor(url: string);
    readonly url: string;
  }

  export interface Session {
    readonly connection: RTCPeerConnection;
  }

  export class UA {
    constructor(configuration: {
      readonly sockets: readonly WebSocketInterface[];
      readonly uri: string;
      readonly register: boolean;
    });
    on(event: 'connected', listener: () => void): this;
    start(): void;
    call(
      target: string,
      options: {
        readonly mediaConstraints: MediaStreamConstraints;
        readonly pcConfig: RTCConfiguration;
        readonly extraHeaders: readonly string[];
      },
    ): Session;
    terminateSessions(): void;
  }
}
