/** Every visitor page: the leave button, and hours in the visitor's own time. */
import { installLeave } from "../chat/leave";
import { addOwnTimes } from "../shared/own_time";

installLeave();
addOwnTimes(document);
