/** The tests of the caller in `src/sip` again, with the SIP.js that the bundle gets (`support/sip-diet.ts`). */
process.env.CALL_BUTTON_DIET = '1';
const { default: config } = await import('./web-test-runner.config.mjs');

export default {
  ...config,
  // the phone is built without the diet
  files: ['test/sip/**/*.test.ts', '!test/sip/{phone*,registration*,incoming*}.test.ts'],
};
