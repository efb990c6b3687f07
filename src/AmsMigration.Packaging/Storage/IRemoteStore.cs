namespace AmsMigration.Packaging.Storage;

/// <summary>A store whose answers take long to come, however much is asked: it wants large pieces, and several of them under way.</summary>
public interface IRemoteStore;
