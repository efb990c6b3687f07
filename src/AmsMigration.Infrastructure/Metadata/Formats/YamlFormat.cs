using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AmsMigration.Infrastructure.Metadata.Formats;

/// <summary>Each file of JSON in YAML 1.2, too. Texts stand in quotes, so that none is taken for a number, a date or a no.</summary>
internal static class YamlFormat
{
    public static async Task WriteAsync(ExportFolder folder, CancellationToken cancellation)
    {
        ExportRecord? record = await ExportRecord.ReadAsync(folder, cancellation).ConfigureAwait(false);
        foreach (string name in (record?.Resources.Keys ?? []).Concat(["account", "edgePolicies", "export"]))
        {
            await ConvertAsync(folder, name, cancellation).ConfigureAwait(false);
        }

        await foreach (AssetFile file in ExportFormats.ReadAssetsAsync(folder, cancellation).ConfigureAwait(false))
        {
            string path = AssetFile.PathOf(file.Metadata.AssetName);
            await ConvertAsync(folder, path.Substring(0, path.Length - ".json".Length), cancellation).ConfigureAwait(false);
        }
    }

    public static byte[] Convert(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var text = new StreamWriter(stream, new UTF8Encoding(false), 4096, leaveOpen: true) { NewLine = "\n" })
        {
            var emitter = new Emitter(text);
            emitter.Emit(new StreamStart());
            emitter.Emit(new DocumentStart());
            Emit(emitter, document.RootElement);
            emitter.Emit(new DocumentEnd(isImplicit: true));
            emitter.Emit(new StreamEnd());
        }

        return stream.ToArray();
    }

    private static async Task ConvertAsync(ExportFolder folder, string name, CancellationToken cancellation)
    {
        if (await folder.ReadAsync(name + ".json", cancellation).ConfigureAwait(false) is byte[] json)
        {
            await folder.WriteAsync(name + ".yaml", Convert(json), cancellation).ConfigureAwait(false);
        }
    }

    private static void Emit(Emitter emitter, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                bool isEmpty = !element.EnumerateObject().Any();
                emitter.Emit(new MappingStart(null, null, true, isEmpty ? MappingStyle.Flow : MappingStyle.Block));
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    emitter.Emit(new Scalar(null, null, property.Name, ScalarStyle.DoubleQuoted, true, true));
                    Emit(emitter, property.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(null, null, true, element.GetArrayLength() == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(new Scalar(null, null, element.GetString()!, ScalarStyle.DoubleQuoted, true, true));
                break;
            default:
                emitter.Emit(new Scalar(null, null, element.GetRawText(), ScalarStyle.Plain, true, false));
                break;
        }
    }
}
