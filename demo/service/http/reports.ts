import type { IncomingMessage } from 'node:http';

/** Largest report that is read, in bytes: an honest one is below 2 kB. */
const REPORT_MAX = 16_384;

/** What one line says of a call, of a report that anybody may have written. */
export interface ReportSummary {
  /** See `EndReason`. */
  readonly reason: string;
  /** From the answer to the end, milliseconds. */
  readonly durationMs: number;
  /** From the press on Call to the first packet of the far end's, milliseconds; null: none came. */
  readonly packetMs: number | null;
  /** Null: never measured. */
  readonly worstQuality: string | null;
}

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z-]{1,40}$/.test(value);
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value);

async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REPORT_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function summarize(text: string): ReportSummary | null {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return null;
  }
  const { reason, durationMs, timings, worstQuality } = Object(report) as Record<string, unknown>;
  if (!isWord(reason) || !isTime(durationMs)) return null;
  const { packet } = Object(timings) as Record<string, unknown>;
  return {
    reason,
    durationMs,
    packetMs: isTime(packet) ? packet : null,
    worstQuality: isWord(worstQuality) ? worstQuality : null,
  };
}

/**
 * The report of a call as an element sends it (`report-url`): JSON, in a request of type `text/plain`. Null for
 * whatever is none.
 */
export async function readReport(request: IncomingMessage): Promise<ReportSummary | null> {
  const text = await readText(request);
  return text === null ? null : summarize(text);
}
