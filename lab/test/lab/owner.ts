/** Starts a lab, and is killed while it does. */
import { openLab } from '../../open';

openLab({ name: 'killed' }).then(() => setInterval(() => {}, 1000));
