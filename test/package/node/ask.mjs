import { randomBytes } from 'node:crypto';

const secret = () => randomBytes(32).toString('hex');

/** Asks a gate of its own for a challenge, and prints the status of the answer. */
export async function ask(createGate) {
  const gate = createGate({
    origins: ['https://www.example.com'],
    aliases: { sales: { captcha: ['altcha'] } },
    altcha: { hmacKey: secret() },
    jwtSecret: secret(),
    digestSecret: secret(),
    clientIp: () => '192.0.2.1',
  });
  const url = 'https://www.example.com/call-gate/challenge?target=sales';
  const answer = await gate(new Request(url, { headers: { Origin: 'https://www.example.com' } }));
  console.log(answer.status);
}
