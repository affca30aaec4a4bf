import 'call-button/define';
