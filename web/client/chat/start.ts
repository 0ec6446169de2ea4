/** The chat begins, unless this tab was left and the server may not know yet: then there is nothing to show. */
import { hasLeft } from "./leave";

if (!hasLeft()) void import("./main");
