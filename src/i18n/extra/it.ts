import type { ExtraMessages } from './messages.js';

export const it: ExtraMessages = {
  'rating.question': 'Com’è andata la chiamata?',
  'rating.stars': { one: '{n} stella', other: '{n} stelle' },
  'rating.good': 'Bene',
  'rating.bad': 'Male',
  'rating.thanks': 'Grazie per la Sua valutazione.',
  'check.audio': 'Provare il microfono',
  'check.video': 'Provare microfono e videocamera',
  'check.level': 'Livello del microfono',
  'check.speak': 'Dica qualcosa: la barra dovrebbe muoversi.',
  'check.heard': 'Il Suo microfono funziona.',
  'check.play': 'Riprodurre un suono di prova',
  'check.question': 'L’ha sentito?',
  'check.yes': 'Sì',
  'check.no': 'No, niente',
  'check.loud': 'Il Suo altoparlante funziona.',
  'check.quiet': 'Alzi il volume o scelga un altro altoparlante.',
  'check.remember': 'Ricordare su questo dispositivo',
  'hint.top':
    'Il browser Le chiederà il permesso nella parte alta della finestra. Scelga “Consenti”.',
  'hint.window': 'Il browser Le chiederà il permesso in una piccola finestra. Scelga “Consenti”.',
  'help.title': 'Come consentirlo',
  'help.chrome': 'Faccia clic sull’icona accanto all’indirizzo.',
  'help.android': 'Tocchi l’icona accanto all’indirizzo, poi “Autorizzazioni”.',
  'help.firefox':
    'Faccia clic sull’icona barrata accanto all’indirizzo, poi sulla × accanto a “Bloccato”.',
  'help.safari': 'Apra le impostazioni di questo sito web nel menu Safari.',
  'help.ios':
    'Tocchi il menu della pagina (ᴀA) nella barra dell’indirizzo, poi “Impostazioni sito web”.',
  'help.samsung': 'Tocchi il lucchetto accanto all’indirizzo, poi “Autorizzazioni”.',
  'help.other': 'Apra le impostazioni di questo sito nel browser.',
  'help.allow': 'Consenta: {device}.',
  'help.again': 'Avvii di nuovo la chiamata.',
  restore: 'Ripristina la finestra della chiamata',
  'consent.text':
    'Se continua, il Suo browser si collega al servizio che trasmette la chiamata e a quello che verifica che Lei sia una persona. Entrambi ricevono il Suo indirizzo IP.',
  'consent.give': 'Accettare e continuare',
  'self.move': 'Sposta la mia immagine in un altro angolo',
  volume: 'Volume dell’audio',
  'pip.enter': 'Picture-in-picture',
  'pip.exit': 'Esci da picture-in-picture',
};
