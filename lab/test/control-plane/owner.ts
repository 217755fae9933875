/** Starts a control plane, says what it is, and then stays until it is killed. */
import { startControlPlane } from '../../control-plane/control-plane';

startControlPlane().then(({ pids, folder }) => {
  console.log(JSON.stringify({ pids: pids(), folder }));
  setInterval(() => {}, 1000);
});
