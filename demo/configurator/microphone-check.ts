export type DeviceAnswer =
  | { readonly kind: 'granted'; readonly label: string }
  | { readonly kind: 'refused' | 'missing' | 'insecure' };

/** Asks for the devices as a call would, and lets go of them at once. */
export async function askMicrophone(video: boolean, signal: AbortSignal): Promise<DeviceAnswer> {
  // absent on an insecure page, whatever the types say
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (mediaDevices === undefined) return { kind: 'insecure' };
  try {
    const stream = await mediaDevices.getUserMedia({ audio: true, video });
    const tracks = stream.getTracks();
    for (const track of tracks) track.stop();
    signal.throwIfAborted();
    return { kind: 'granted', label: tracks.map(({ label }) => label || 'A device').join(', ') };
  } catch (error) {
    const refused =
      error instanceof DOMException && /^(NotAllowed|Security|Abort)Error$/.test(error.name);
    return { kind: refused ? 'refused' : 'missing' };
  }
}
