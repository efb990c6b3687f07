using System.Reflection;

namespace AmsMigration.TestSupport;

/// <summary>How the console program is started: by the runtime, or by itself where it is compiled to machine code.</summary>
/// <param name="path">Of the program.</param>
public sealed class WorkerProgram(string path)
{
    /// <summary>The one that was built with the tests, or the one that the variable <c>AMSMIGRATE_STATIC</c> names.</summary>
    /// <param name="tests">Says in its metadata, under <c>WorkerPath</c>, where the build puts the program.</param>
    public WorkerProgram(Assembly tests)
        : this(Environment.GetEnvironmentVariable("AMSMIGRATE_STATIC") is { Length: > 0 } named
        ? named
        : tests.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "WorkerPath").Value!)
    {
    }

    /// <summary>What is started.</summary>
    public string FileName => path.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : path;

    /// <summary>With the program's own in front, where the runtime starts it.</summary>
    public string[] Arguments(IEnumerable<string> arguments) => FileName == path ? [.. arguments] : [path, .. arguments];
}
