package io.weir.tools.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Sends made-up requests to a topic. */
@Command(
        name = "generate",
        description = "Makes up requests and sends them to a topic.",
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private SendTarget target = new SendTarget();
    @Mixin private GeneratorOptions generator = new GeneratorOptions();

    @Override
    public Integer call() throws InterruptedException {
        target.send(generator.source(), spec.commandLine().getOut());
        return 0;
    }
}
