package io.weir.tools.cli;

/** A command that consists of others, and by itself prints its help. */
abstract class CommandGroup extends WeirCommand implements Runnable {

    @Override
    public void run() {
        printHelp();
    }
}
