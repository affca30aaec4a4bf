import 'call-button/define';
import { registerLanguage } from 'call-button/i18n';
import { de } from 'call-button/i18n/de';

registerLanguage('de', { ...de, name: 'Wer ruft an?' });
