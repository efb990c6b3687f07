using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Verification;

namespace AmsMigration.Worker;

/// <summary>What a line of JSON holds, written down when the program is compiled: compiled to machine code, it cannot look at types when it runs.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(ErrorConverter)])]
[JsonSerializable(typeof(AmsConversionResult))]
[JsonSerializable(typeof(AmsAsset))]
[JsonSerializable(typeof(AmsVerificationResult))]
[JsonSerializable(typeof(PlanLine))]
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "What is generated for exceptions is never called: the converter writes them.")]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Letters of any language as they are: a line goes into a log, not into a page.</summary>
    public static ReportJson Lines => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>What <c>--what-if</c> says of an asset.</summary>
internal sealed record PlanLine(
    string AssetName, string Destination, long TotalBytes, IEnumerable<PlanLine.PlannedFile> Files, IEnumerable<PlanLine.PlannedAlias> Aliases,
    IEnumerable<string> Warnings)
{
    public static PlanLine Of(ConversionPlan plan) => new(
        plan.Asset.AssetName,
        plan.Destination,
        plan.TotalBytes,
        plan.Files.Select(file => new PlannedFile(file.Path, file.Length)),
        plan.AliasFiles.Select(file => new PlannedAlias(file.Location, file.Length)),
        plan.Warnings.Select(warning => warning.ToString()));

    internal sealed record PlannedFile(string Path, long Length);

    internal sealed record PlannedAlias(string Location, long Length);
}

/// <summary>An exception as its stable code and its message: a stack trace is of no use to a script.</summary>
internal sealed class ErrorConverter : JsonConverter<Exception>
{
    public static string CodeOf(Exception error) => error is PackagingException packaging ? packaging.Code : error.GetType().Name;

    public override bool CanConvert(Type typeToConvert) => typeof(Exception).IsAssignableFrom(typeToConvert);

    public override Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new JsonException(reader.GetString());

    public override void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("Code", CodeOf(value));
        writer.WriteString("Message", value.Message);
        writer.WriteEndObject();
    }
}
