import type { Messages } from './messages.js';

export const de: Messages = {
  title: 'Anruf',
  intro: 'Sprechen Sie direkt hier im Browser mit uns.',
  name: 'Ihr Name',
  'name.empty': 'Bitte geben Sie Ihren Namen ein.',
  'name.too-long': {
    one: 'Bitte verwenden Sie höchstens {n} Zeichen.',
    other: 'Bitte verwenden Sie höchstens {n} Zeichen.',
  },
  'call.audio': 'Jetzt anrufen',
  'call.video': 'Videoanruf starten',
  'call.no-camera': 'Ohne Kamera anrufen',
  'call.again': 'Erneut anrufen',
  'call.phone': 'Lieber per Telefon anrufen',
  close: 'Schließen',
  cancel: 'Abbrechen',
  dismiss: 'Ausblenden',
  loading: 'Einen Moment …',
  captcha: 'Sicherheitsabfrage',
  'captcha.ready': 'Ich bin ein Mensch',
  'captcha.solving': 'Wird geprüft …',
  'captcha.solved': 'Geprüft',
  'captcha.retry': 'Erneut versuchen',
  minimize: 'Minimieren',
  return: 'Zurück zum Anruf · {time}',
  'audio.mute': 'Mikrofon ausschalten',
  'audio.unmute': 'Mikrofon einschalten',
  'video.mute': 'Kamera ausschalten',
  'video.unmute': 'Kamera einschalten',
  'keypad.show': 'Wähltasten einblenden',
  'keypad.hide': 'Wähltasten ausblenden',
  'keypad.digits': 'Gesendete Ziffern',
  'fullscreen.enter': 'Vollbild',
  'fullscreen.exit': 'Vollbild beenden',
  'self.show': 'Eigenes Bild einblenden',
  'self.hide': 'Eigenes Bild ausblenden',
  'self.view': 'Ihr eigenes Bild',
  'remote.view': 'Bild Ihres Gegenübers',
  'hang-up': 'Auflegen',
  'sound.on': 'Ton einschalten',
  'devices.show': 'Mikrofon, Lautsprecher und Kamera auswählen',
  'devices.hide': 'Geräteauswahl ausblenden',
  'devices.audioinput': 'Mikrofon',
  'devices.audiooutput': 'Lautsprecher',
  'devices.videoinput': 'Kamera',
  'video.question': 'Ihr Gegenüber möchte Sie gern sehen. Kamera einschalten?',
  'video.yes': 'Ja, einschalten',
  'video.no': 'Nein',
  diagnostics: 'Technische Details kopieren',
  'diagnostics.copied': 'Technische Details kopiert. Sie enthalten keine personenbezogenen Daten.',
  'diagnostics.refused': 'Ihr Browser hat das Kopieren nicht erlaubt.',
  duration: 'Dauer {time}',
  'retry.seconds': {
    one: 'Bitte versuchen Sie es in {n} Sekunde erneut.',
    other: 'Bitte versuchen Sie es in {n} Sekunden erneut.',
  },
  'retry.minutes': {
    one: 'Bitte versuchen Sie es in {n} Minute erneut.',
    other: 'Bitte versuchen Sie es in {n} Minuten erneut.',
  },
  'quality.advice':
    'Ihre Verbindung ist schwach. Vielleicht hilft es, näher an den Router zu gehen.',
  'quality.advice-video':
    'Ihre Verbindung ist schwach. Vielleicht hilft es, die Kamera auszuschalten.',
  'status.requesting-media': 'Bitte erlauben Sie den Zugriff auf Ihr Mikrofon …',
  'status.verifying': 'Bitte beantworten Sie die Sicherheitsabfrage …',
  'status.authorizing': 'Ihr Anruf wird vorbereitet …',
  'status.connecting': 'Verbindung wird aufgebaut …',
  'status.ringing': 'Es klingelt …',
  'status.early-media': 'Sie werden verbunden …',
  'status.established': 'Im Gespräch',
  'status.held': 'Gehalten',
  'status.reconnecting': 'Verbindung wird wiederhergestellt …',
  'status.ending': 'Anruf wird beendet …',
  'quality.good': 'Gute Verbindung',
  'quality.medium': 'Mittelmäßige Verbindung',
  'quality.poor': 'Schwache Verbindung',
  'quality.bad': 'Sehr schwache Verbindung',
  'notice.camera-unavailable': 'Die Kamera konnte nicht eingeschaltet werden.',
  'notice.camera-lost': 'Ihre Kamera wurde getrennt.',
  'notice.microphone-lost': 'Ihr Mikrofon wurde getrennt.',
  'notice.microphone-replaced': 'Ihr Mikrofon wurde getrennt. Jetzt wird ein anderes verwendet.',
  'notice.muted-speaking': 'Ihr Mikrofon ist stumm. Niemand kann Sie hören.',
  'notice.device-unavailable':
    'Dieses Gerät konnte nicht verwendet werden. Es hat sich nichts geändert.',
  'notice.video-refused': 'Ihr Gegenüber kann Ihr Bild nicht empfangen. Ihre Kamera ist aus.',
  'notice.video-ended': 'Ihr Gegenüber ist auf reine Sprache umgestiegen. Ihre Kamera ist aus.',
  'notice.sound-blocked': 'Ihr Browser hält den Ton zurück.',
  'end.hung-up': 'Anruf beendet.',
  'end.remote-hung-up': 'Ihr Gegenüber hat aufgelegt.',
  'end.cancelled': 'Anruf abgebrochen.',
  'end.removed': 'Anruf beendet.',
  'end.busy': 'Es ist besetzt. Bitte versuchen Sie es in einigen Minuten erneut.',
  'end.no-answer': 'Niemand hat abgenommen. Bitte versuchen Sie es später erneut.',
  'end.declined': 'Der Anruf wurde abgelehnt. Bitte versuchen Sie es später erneut.',
  'end.not-allowed':
    'Dieser Anruf ist nicht möglich. Bitte nehmen Sie auf anderem Weg Kontakt mit uns auf.',
  'end.not-found':
    'Dieser Dienst ist derzeit nicht erreichbar. Bitte nehmen Sie auf anderem Weg Kontakt mit uns auf.',
  'end.media-not-supported':
    'Die Gegenstelle kann diese Art von Anruf nicht annehmen. Bitte nehmen Sie auf anderem Weg Kontakt mit uns auf.',
  'end.service-unavailable':
    'Der Dienst ist gerade nicht verfügbar. Bitte versuchen Sie es später erneut.',
  'end.closed': 'Wir haben gerade geschlossen. Bitte rufen Sie während der Öffnungszeiten an.',
  'end.gateway-unreachable':
    'Keine Verbindung. Bitte prüfen Sie Ihre Internetverbindung und versuchen Sie es erneut.',
  'end.connection-lost': 'Die Verbindung ist abgebrochen. Bitte versuchen Sie es erneut.',
  'end.media-timeout':
    'Der Ton kommt nicht durch. Möglicherweise blockiert eine Firewall: Bitte versuchen Sie es in einem anderen Netz.',
  'end.gate-unreachable':
    'Keine Verbindung. Bitte prüfen Sie Ihre Internetverbindung und versuchen Sie es erneut.',
  'end.gate-error': 'Bei uns ist etwas schiefgelaufen. Bitte versuchen Sie es später erneut.',
  'end.rate-limited': 'Zu viele Anrufe von hier. Bitte warten Sie ein wenig.',
  'end.pass-refused': 'Der Anruf wurde nicht zugelassen. Bitte versuchen Sie es erneut.',
  'end.captcha-unavailable':
    'Die Sicherheitsabfrage konnte nicht geladen werden. Bitte schalten Sie Werbeblocker für diese Seite aus und versuchen Sie es erneut.',
  'end.captcha-failed':
    'Die Sicherheitsabfrage wurde nicht bestanden. Bitte versuchen Sie es erneut.',
  'end.captcha-closed':
    'Die Sicherheitsabfrage wurde geschlossen. Bitte beantworten Sie sie, um anzurufen.',
  'end.captcha-expired':
    'Die Sicherheitsabfrage ist abgelaufen. Bitte beantworten Sie sie noch einmal.',
  'end.microphone-denied':
    'Das Mikrofon ist gesperrt. Erlauben Sie es in den Einstellungen dieser Website (Symbol neben der Adresse) und versuchen Sie es erneut.',
  'end.microphone-missing':
    'Es wurde kein Mikrofon gefunden. Bitte schließen Sie eines an und versuchen Sie es erneut.',
  'end.microphone-busy':
    'Ein anderes Programm verwendet das Mikrofon. Bitte schließen Sie es und versuchen Sie es erneut.',
  'end.permissions-policy':
    'Dieser Teil der Seite darf das Mikrofon nicht verwenden. Bitte öffnen Sie ihn in einem eigenen Fenster oder nehmen Sie auf anderem Weg Kontakt mit uns auf.',
  'end.insecure-context':
    'Anrufe sind nur auf einer sicheren Seite möglich. Bitte öffnen Sie diese Seite über ihre https-Adresse oder nehmen Sie auf anderem Weg Kontakt mit uns auf.',
  'end.webrtc-unsupported':
    'Mit diesem Browser kann man nicht anrufen. Bitte verwenden Sie einen anderen.',
  'end.another-call':
    'Sie führen auf dieser Seite bereits einen Anruf. Bitte beenden Sie ihn zuerst.',
  'end.misconfigured':
    'Anrufe sind auf dieser Seite nicht richtig eingerichtet. Bitte nehmen Sie auf anderem Weg Kontakt mit uns auf.',
  'end.internal-error': 'Etwas ist schiefgelaufen. Bitte versuchen Sie es erneut.',
};
