package io.weir.tools.cli;

import io.weir.tools.send.GeneratedRequests;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Sends generated requests to a topic. */
@Command(name = "generate", description = "Generates requests and sends them to a topic.")
final class GenerateCommand extends WeirCommand implements Callable<Integer> {

    @Mixin private SendTarget target = new SendTarget();
    @Mixin private GeneratorOptions generator = new GeneratorOptions();

    @Override
    public Integer call() throws InterruptedException {
        GeneratedRequests source = generator.source();
        target.requireOnTime(source.eventTimes().first());
        target.send(source, out());
        return ExitCode.OK;
    }
}
