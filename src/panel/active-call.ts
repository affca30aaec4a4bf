/**
 * One call at a time per page: all elements share this, also those of another copy or version of the script.
 */
interface Registry extends EventTarget {
  owner: object | null;
}

const KEY = Symbol.for('call-button.active-call');

function registry(): Registry {
  const shared = globalThis as unknown as Record<symbol, Registry | undefined>;
  return (shared[KEY] ??= Object.assign(new EventTarget(), { owner: null }));
}

export interface ActiveCall {
  /** True when the call is ours from now on. */
  acquire(): boolean;
  release(): void;
  /** Another element of this page is in a call. */
  readonly elsewhere: boolean;
  /** Tells the others that our form opens: theirs close, unless they are in a call. */
  opened(): void;
  dispose(): void;
}

export function createActiveCall(handlers: {
  onChange(): void;
  onOtherOpened(): void;
}): ActiveCall {
  const shared = registry();
  const self = {};
  const changed = (): void => handlers.onChange();
  const opened = (event: Event): void => {
    if ((event as CustomEvent<unknown>).detail !== self) handlers.onOtherOpened();
  };
  shared.addEventListener('change', changed);
  shared.addEventListener('opened', opened);
  const release = (): void => {
    if (shared.owner !== self) return;
    shared.owner = null;
    shared.dispatchEvent(new Event('change'));
  };
  return {
    acquire() {
      if (shared.owner === self) return true;
      if (shared.owner !== null) return false;
      shared.owner = self;
      shared.dispatchEvent(new Event('change'));
      return true;
    },
    release,
    get elsewhere() {
      return shared.owner !== null && shared.owner !== self;
    },
    opened() {
      shared.dispatchEvent(new CustomEvent('opened', { detail: self }));
    },
    dispose() {
      release();
      shared.removeEventListener('change', changed);
      shared.removeEventListener('opened', opened);
    },
  };
}
