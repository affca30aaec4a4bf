import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';

const { server = '', gate = '' } = Object.fromEntries(new URLSearchParams(location.search));

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App server={server} gate={gate} />
  </StrictMode>,
);
