using System.Diagnostics;

namespace AmsMigration.Benchmarks;

/// <summary>One run of a program.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="ProcessorSeconds">Of all its threads, in itself and in the kernel; what other programs on the machine do hardly changes it; looked at like the memory.</param>
/// <param name="PeakBytes">Most memory that was resident at once; looked at every few milliseconds.</param>
internal sealed record Measured(double Seconds, double ProcessorSeconds, long PeakBytes)
{
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static async Task<Measured> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        long peak = 0;
        TimeSpan processor = default;
        while (await Task.WhenAny(ended, Task.Delay(5)) != ended)
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
                processor = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                break;
            }
        }

        await ended;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return process.ExitCode == 0
            ? new(seconds, processor.TotalSeconds, peak)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await error}{await output}");
    }

    /// <summary>Each value's median.</summary>
    public static Measured Median(IReadOnlyCollection<Measured> runs) =>
        new(Middle(runs.Select(run => run.Seconds)), Middle(runs.Select(run => run.ProcessorSeconds)), (long)Middle(runs.Select(run => (double)run.PeakBytes)));

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
