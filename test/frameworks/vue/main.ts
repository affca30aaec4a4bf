import { createApp } from 'vue';
import App from './App.vue';

const { server = '', gate = '' } = Object.fromEntries(new URLSearchParams(location.search));

createApp(App, { server, gate }).mount('#app');
