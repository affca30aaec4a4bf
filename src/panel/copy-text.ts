/** Puts text on the clipboard; in a gesture. `false` where the browser, or the policy of a frame, refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // the types say that it is there; on an insecure page it is not
    await (navigator as Partial<Navigator>).clipboard?.writeText(text);
    return 'clipboard' in navigator;
  } catch {
    return false;
  }
}
