/** Every visitor page: the leave button. */
import { installLeave } from "../chat/leave";

installLeave();
