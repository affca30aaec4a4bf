/** Of the Network Information API, where there is one: the kind of connection. */
interface Connection extends EventTarget {
  readonly type?: string;
}

/**
 * Calls back when the device is on a network again, or, where the browser tells, on one of another kind: from Wi-Fi to
 * mobile. Returns what ends that.
 */
export function onNetworkChange(run: () => void): () => void {
  const { connection } = navigator as { readonly connection?: Connection };
  let type = connection?.type;
  // speed and delay change as well, and mean nothing
  const onChange = (): void => {
    const before = type;
    type = connection?.type;
    if (type !== before && type !== 'none') run();
  };
  addEventListener('online', run);
  connection?.addEventListener('change', onChange);
  return () => {
    removeEventListener('online', run);
    connection?.removeEventListener('change', onChange);
  };
}
