using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.Verification;

namespace AmsMigration.Worker;

/// <summary>Results on the output stream: for people on a terminal, one JSON object a line otherwise.</summary>
internal static class Report
{
    public static void Result(AmsConversionResult result)
    {
        if (Console.IsOutputRedirected)
        {
            WriteLine(result, ReportJson.Lines.AmsConversionResult);
            return;
        }

        Console.WriteLine($"{result.AssetName}: {result.Status} in {Seconds(result.Elapsed)} s, {Megabytes(result.BytesWritten)} MB written to {result.Destination}");
        foreach (AmsPresentationOutput presentation in result.Presentations)
        {
            foreach ((string format, string? uri) in new[] { ("HLS ", presentation.HlsUri), ("DASH", presentation.DashUri) })
            {
                if (uri is not null)
                {
                    Console.WriteLine($"  {format}  {uri}");
                }
            }
        }

        if (result.PlayerPage is not null)
        {
            Console.WriteLine($"  Page  {result.PlayerPage}");
        }

        foreach (AmsTrack track in result.Tracks)
        {
            Console.WriteLine($"  {track}");
        }

        foreach (string warning in result.Warnings)
        {
            Console.WriteLine($"  Warning: {OptionNames.Reword(warning)}");
        }

        if (result.Error is not null)
        {
            Console.Error.WriteLine($"  Error: {OptionNames.Reword(result.Error.Message)}");
        }
    }

    /// <summary>For people only, and beside the results.</summary>
    public static void Summary(AmsRunSummary summary, Exception? logFailure)
    {
        if (logFailure is not null)
        {
            Console.Error.WriteLine($"The log is not complete: {logFailure.Message}");
        }

        if (!Console.IsErrorRedirected && summary.Completed + summary.Skipped + summary.Failed > 1)
        {
            Console.Error.WriteLine($"{summary} in {Seconds(summary.Elapsed)} s, {Megabytes(summary.BytesWritten)} MB written.");
        }
    }

    /// <summary>An asset that cannot be looked at.</summary>
    public static void Failure(IAssetStore store, Exception error) => Console.Error.WriteLine($"{store.Name}: {ErrorConverter.CodeOf(error)}: {OptionNames.Reword(error.Message)}");

    public static void Asset(AmsAsset asset)
    {
        if (Console.IsOutputRedirected)
        {
            WriteLine(asset, ReportJson.Lines.AmsAsset);
            return;
        }

        Console.WriteLine($"{asset.AssetName}: {asset.Format}, {asset.Duration:hh\\:mm\\:ss}, {asset.FileCount} files, {Megabytes(asset.Length)} MB");
        foreach (AmsTrack track in asset.Tracks)
        {
            Console.WriteLine($"  {track}  {track.File}");
        }

        foreach (string fault in asset.Faults)
        {
            Console.WriteLine($"  Fault: {fault}");
        }
    }

    public static void Plan(ConversionPlan plan)
    {
        if (Console.IsOutputRedirected)
        {
            WriteLine(PlanLine.Of(plan), ReportJson.Lines.PlanLine);
            return;
        }

        Console.WriteLine($"{plan.Asset.AssetName}: would write to {plan.Destination}");
        foreach ((string path, long length) in plan.Files.Concat(plan.AliasFiles))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {length,14:N0}  {path}"));
        }

        foreach (PackagingWarning warning in plan.Warnings)
        {
            Console.WriteLine($"  Warning: {OptionNames.Reword(warning.ToString())}");
        }
    }

    public static void Verification(AmsVerificationResult result)
    {
        if (Console.IsOutputRedirected)
        {
            WriteLine(result, ReportJson.Lines.AmsVerificationResult);
            return;
        }

        Console.WriteLine($"{result.Path}: {(result.IsValid ? "sound" : "NOT sound")}, {result.SamplesCompared} samples compared");
        foreach (string finding in result.Findings)
        {
            Console.WriteLine($"  {finding}");
        }
    }

    private static void WriteLine<T>(T value, JsonTypeInfo<T> type) => Console.WriteLine(OptionNames.Reword(JsonSerializer.Serialize(value, type)));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
