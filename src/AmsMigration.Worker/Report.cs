using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new ErrorConverter() },
    };

    public static void Result(AmsConversionResult result)
    {
        if (Console.IsOutputRedirected)
        {
            WriteLine(result);
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
    public static void Failure(IAssetStore store, Exception error) => Console.Error.WriteLine($"{store.Name}: {CodeOf(error)}: {OptionNames.Reword(error.Message)}");

    public static void Asset(AmsAsset asset)
    {
        if (Console.IsOutputRedirected)
        {
            WriteLine(asset);
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
            WriteLine(new
            {
                plan.Asset.AssetName,
                plan.Destination,
                plan.TotalBytes,
                Files = plan.Files.Select(file => new { file.Path, file.Length }),
                Aliases = plan.AliasFiles.Select(file => new { file.Location, file.Length }),
                Warnings = plan.Warnings.Select(warning => warning.ToString()),
            });
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
            WriteLine(result);
            return;
        }

        Console.WriteLine($"{result.Path}: {(result.IsValid ? "sound" : "NOT sound")}, {result.SamplesCompared} samples compared");
        foreach (string finding in result.Findings)
        {
            Console.WriteLine($"  {finding}");
        }
    }

    private static void WriteLine<T>(T value) => Console.WriteLine(OptionNames.Reword(JsonSerializer.Serialize(value, Json)));

    private static string CodeOf(Exception error) => error is PackagingException packaging ? packaging.Code : error.GetType().Name;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>An exception as its stable code and its message: a stack trace is of no use to a script.</summary>
    private sealed class ErrorConverter : JsonConverter<Exception>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(Exception).IsAssignableFrom(typeToConvert);

        public override Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new JsonException(reader.GetString());

        public override void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("Code", CodeOf(value));
            writer.WriteString("Message", value.Message);
            writer.WriteEndObject();
        }
    }
}
